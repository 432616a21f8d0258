package dev.planaria.app.gateway.wire;

import java.io.IOException;

/// The body of a `text/event-stream` answer. Blocking; used by one thread.
public interface EventStream extends AutoCloseable {
  /// Writes whole events or comments and flushes them.
  ///
  /// @throws IOException when the client is gone
  void write(byte[] events) throws IOException;

  /// Ends the stream in order, so that the reader sees that nothing is missing.
  @Override
  void close() throws IOException;
}
