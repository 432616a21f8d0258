package dev.planaria.app.tools;

import dev.planaria.engine.session.Committed;
import dev.planaria.engine.state.Command;

/// A tool that changes a session and then waits at a gate of the test's, so that something can be
/// done to the process or the client while a call is running: `test_gated {agent_type?}`.
public final class GatedTool {
  private GatedTool() {}

  /// What a call waits at.
  @FunctionalInterface
  public interface Gate {
    /// Returns when the gate is open.
    void await() throws InterruptedException;
  }

  /// Makes the tool.
  public static Tool on(Sessions sessions, Gate gate) {
    return new Tool(
        "test_gated",
        "Spawn an agent and wait",
        "Only tests have this.",
        new Tool.Signature(
            Shapes.changing().may("agent_type", Schema.text("What kind of agent", 256)).arguments(),
            Shapes.acknowledged(Schema.members().must("agent", Shapes.agent()))),
        Tool.Hints.ADD,
        call -> {
          String type = call.arguments().optionalText("agent_type", 256);
          Committed committed =
              sessions.submit(
                  call, new Command.SpawnAgent(type == null ? "waiter" : type, null, null, null));
          try {
            gate.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
          }
          return OperationResults.acknowledge(committed);
        });
  }
}
