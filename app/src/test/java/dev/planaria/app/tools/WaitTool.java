package dev.planaria.app.tools;

import dev.planaria.engine.state.Command;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A tool that takes its time before it does its work, so that a test can do something meanwhile.
public final class WaitTool {
  private static final int LONGEST_MILLIS = 60_000;
  private static final int NAME_CHARACTERS = 200;

  private WaitTool() {}

  /// `test_wait {ms, name}`: waits, then spawns an agent of that name.
  public static Tool on(Sessions sessions) {
    return new Tool(
        "test_wait",
        "Wait, then spawn",
        "Waits the given time, then adds an agent. Only tests have this tool.",
        new Tool.Signature(
            Shapes.changing()
                .must("ms", Schema.whole("How long", 0, LONGEST_MILLIS))
                .must("name", Schema.text("The agent's name", NAME_CHARACTERS))
                .arguments(),
            Shapes.acknowledged(Schema.members().must("agent", Shapes.agent()))),
        Tool.Hints.ADD,
        call -> {
          int millis = call.arguments().requiredInt("ms", 0, LONGEST_MILLIS);
          String name = call.arguments().requiredText("name", NAME_CHARACTERS);
          pause(millis);
          return OperationResults.acknowledge(
              sessions.submit(call, new Command.SpawnAgent("waiter", name, null, null)));
        });
  }

  private static void pause(int millis) {
    try {
      var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
