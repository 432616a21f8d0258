package dev.planaria.app.tools;

import dev.planaria.engine.session.Committed;
import dev.planaria.engine.state.Command;

/// A tool that changes a session and then takes its time, so that a process can be killed while a
/// call is running whose work is done: `test_wait {ms, name}`.
public final class SlowTool {
  private static final long LONGEST_MILLIS = 60_000;
  private static final int NAME_CHARACTERS = 256;

  private SlowTool() {}

  /// How a call takes its time.
  @FunctionalInterface
  public interface Waiting {
    /// Returns after so long.
    void await(long millis) throws InterruptedException;
  }

  /// Makes the tool.
  public static Tool on(Sessions sessions, Waiting waiting) {
    return new Tool(
        "test_wait",
        "Spawn an agent and wait",
        "Only tests have this.",
        new Tool.Signature(
            Shapes.changing()
                .must("ms", Schema.whole("How long to wait", 0, LONGEST_MILLIS))
                .must("name", Schema.text("The agent's name", NAME_CHARACTERS))
                .arguments(),
            Shapes.acknowledged(Schema.members().must("agent", Shapes.agent()))),
        Tool.Hints.ADD,
        call -> {
          long millis = call.arguments().requiredLong("ms", 0, LONGEST_MILLIS);
          String name = call.arguments().requiredText("name", NAME_CHARACTERS);
          Committed committed =
              sessions.submit(call, new Command.SpawnAgent("waiter", name, null, null));
          try {
            waiting.await(millis);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
          }
          return OperationResults.acknowledge(committed);
        });
  }
}
