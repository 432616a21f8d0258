package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Changes that the running daemon makes.
///
/// @param daemon the daemon
record DaemonChanges(DaemonClient daemon) implements SessionChanges {

  @Override
  public JsonObject change(String reference, String action, JsonObject body) throws IOException {
    String encoded = URLEncoder.encode(reference, StandardCharsets.UTF_8).replace("+", "%20");
    return post("sessions/" + encoded + "/" + action, body);
  }

  @Override
  public JsonObject bring(JsonObject body) throws IOException {
    return post("import", body);
  }

  private JsonObject post(String path, JsonObject body) throws IOException {
    return daemon.post("/api/v1/" + path, body) instanceof JsonObject answer
        ? answer
        : JsonObject.EMPTY;
  }

  @Override
  public void close() {
    // Each question is a connection of its own.
  }
}
