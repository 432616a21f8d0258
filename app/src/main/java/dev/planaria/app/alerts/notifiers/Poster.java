package dev.planaria.app.alerts.notifiers;

import java.io.IOException;
import java.net.URI;
import java.util.Map;

/// Posts over HTTP. Thread-safe.
public interface Poster {
  /// Posts JSON and waits for the answer, within bounds.
  ///
  /// @return the status
  /// @throws IOException when there is no answer
  int post(URI url, Map<String, String> headers, byte[] body) throws IOException;
}
