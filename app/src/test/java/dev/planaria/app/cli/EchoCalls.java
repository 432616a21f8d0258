package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.util.List;

/// A client of an echo server behind Planaria. Thread-safe.
interface EchoCalls extends AutoCloseable {

  /// Calls a tool, and waits for what comes of it.
  ///
  /// @param operation the call's operation id
  /// @param arguments as JSON
  /// @return the answers to this one request: messages with `result` or `error`
  /// @throws IOException when there is none in time
  List<JsonObject> call(String operation, String tool, String arguments)
      throws IOException, InterruptedException;

  @Override
  void close();

  /// A client that lists tools too.
  interface Listing extends EchoCalls {

    /// The names of the server's tools.
    List<String> tools() throws IOException, InterruptedException;
  }
}
