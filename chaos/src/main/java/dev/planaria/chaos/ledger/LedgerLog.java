package dev.planaria.chaos.ledger;

import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.util.Optional;

/// Takes down what a ledger is told, line by line, for whoever looks at it when the process that
/// kept the ledger is gone. Thread-safe.
public interface LedgerLog extends AutoCloseable {

  /// Takes nothing down.
  LedgerLog NONE =
      new LedgerLog() {
        @Override
        public void write(JsonObject line) {
          // Nobody wants it.
        }

        @Override
        public void close() {
          // There is nothing to close.
        }
      };

  /// Takes down a line. Never throws: what could not be written is told by [#close].
  void write(JsonObject line);

  /// What was taken down so far, as whoever comes later will read it; nothing when nothing was.
  ///
  /// @throws IOException when it cannot be read
  default Optional<LedgerReading> readBack() throws IOException {
    return Optional.empty();
  }

  /// No line comes any more.
  ///
  /// @throws IOException when one could not be written
  @Override
  void close() throws IOException;
}
