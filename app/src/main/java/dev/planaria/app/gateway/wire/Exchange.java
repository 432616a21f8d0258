package dev.planaria.app.gateway.wire;

import java.io.IOException;

/// One HTTP request and its one answer, whatever server carries it. Blocking; used by one thread.
public interface Exchange {
  /// What stands above the body.
  RequestHead head();

  /// Reads the whole body.
  ///
  /// @throws BadRequest with status 413 when it is longer than `limitBytes`; at most so much is
  ///   kept
  /// @throws IOException when the client broke off
  byte[] readBody(int limitBytes) throws IOException;

  /// Sends a whole answer.
  ///
  /// @throws IOException when the client is gone
  void send(HttpAnswer answer) throws IOException;

  /// Starts a `text/event-stream` answer: the head and the first bytes leave in one write, so that
  /// a reader has either nothing or both.
  ///
  /// @param first whole events; may be empty
  /// @throws IOException when the client is gone
  EventStream openStream(byte[] first) throws IOException;
}
