package dev.planaria.app.gateway.upstreams;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is done right before a child is started, each time. Thread-safe.
public interface Preparation {
  /// Nothing: a command runs as it is.
  Preparation NONE = (command, _) -> new Prepared(command, null, () -> {});

  /// Prepares one start. What cannot be prepared is no reason not to start: it is said in
  /// [Prepared#unsure].
  ///
  /// @param environment the variables that the child will have
  /// @throws InterruptedException when the thread was interrupted; nothing is left behind
  Prepared prepare(StdioCommand command, Map<String, String> environment)
      throws InterruptedException;

  /// What is to be started now.
  ///
  /// @param command in place of the one that was given
  /// @param unsure why the child may find what another one has left, in a sentence; null when it
  ///   does not
  /// @param after done once the child and all that it started have ended, or when it could not be
  ///   started
  record Prepared(StdioCommand command, @Nullable String unsure, Runnable after) {}
}
