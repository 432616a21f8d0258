package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;

/// Sessions as the running daemon tells them.
///
/// @param daemon the daemon
record DaemonSessions(DaemonClient daemon) implements SessionSource {

  private static final String SESSIONS = "/api/v1/sessions";
  private static final String DEEP = "/deep";

  @Override
  public JsonArray sessions() throws IOException {
    return array(daemon.get(SESSIONS));
  }

  @Override
  public JsonObject session(String reference) throws IOException {
    return object(daemon.get(path(reference)));
  }

  @Override
  public JsonArray checkpoints(String reference) throws IOException {
    return array(daemon.get(path(reference) + "/checkpoints"));
  }

  @Override
  public JsonArray journal(String reference, long fromSeq, int limit) throws IOException {
    return array(daemon.get(path(reference) + "/journal/" + fromSeq + "/" + limit));
  }

  @Override
  public JsonObject verify(boolean deep) throws IOException {
    return object(daemon.get("/api/v1/verify" + (deep ? DEEP : "")));
  }

  @Override
  public JsonObject verify(String reference, boolean deep) throws IOException {
    return object(daemon.get(path(reference) + "/verify" + (deep ? DEEP : "")));
  }

  /// Asking for the list first tells "no such session" apart from "no such path".
  private String path(String reference) throws IOException {
    return SESSIONS + "/" + Shown.text(summaryOf(reference), "session_id");
  }

  private static JsonArray array(JsonValue value) {
    return value instanceof JsonArray array ? array : (JsonArray) unexpected(value);
  }

  private static JsonObject object(JsonValue value) {
    return value instanceof JsonObject object ? object : (JsonObject) unexpected(value);
  }

  private static JsonValue unexpected(JsonValue value) {
    throw new CommandFailure(
        ExitStatus.FAILED,
        "the daemon answered in a form that is not known here: "
            + value.getClass().getSimpleName());
  }

  @Override
  public void close() {
    // Each question is a connection of its own.
  }
}
