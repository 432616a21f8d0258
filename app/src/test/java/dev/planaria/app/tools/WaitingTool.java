package dev.planaria.app.tools;

import dev.planaria.engine.session.Committed;
import dev.planaria.engine.state.Command;

/// A tool that changes a session and then takes its time, so that a test can do something to the
/// process or the client while a call is running: `test_wait {name?, ms?}`.
public final class WaitingTool {
  private static final long WAIT_MILLIS_MAX = 60_000;

  private WaitingTool() {}

  /// How a call waits.
  @FunctionalInterface
  public interface Waiting {
    /// Returns after a while.
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
                .may("name", Schema.text("The agent's name", 256))
                .may("ms", Schema.whole("How long to wait", 0, WAIT_MILLIS_MAX))
                .arguments(),
            Shapes.acknowledged(Schema.members().must("agent", Shapes.agent()))),
        Tool.Hints.ADD,
        call -> {
          String name = call.arguments().optionalText("name", 256);
          Long millis = call.arguments().optionalLong("ms", 0, WAIT_MILLIS_MAX);
          Committed committed =
              sessions.submit(call, new Command.SpawnAgent("waiter", name, null, null));
          try {
            waiting.await(millis == null ? 0 : millis);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
          }
          return OperationResults.acknowledge(committed);
        });
  }
}
