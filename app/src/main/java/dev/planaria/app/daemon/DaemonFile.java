package dev.planaria.app.daemon;

import dev.planaria.app.files.WholeFile;
import dev.planaria.app.front.FrontJson;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// What a running daemon says of itself in `daemon.json`, mode 0600: who it is, where it answers,
/// and the operator's token.
///
/// @param worker the process that holds the state
/// @param front the process that holds the port
/// @param url where it answers, without a slash at the end
/// @param token the operator's token
/// @param startedAt when the front started, ISO 8601
/// @param socketDirectory a directory of ours outside the data directory, or an empty text
public record DaemonFile(
    ProcessIdentity worker,
    ProcessIdentity front,
    String url,
    String token,
    String startedAt,
    String socketDirectory) {

  private static final String NAME = "daemon.json";

  /// Never shows the token.
  @Override
  public String toString() {
    return "DaemonFile[" + url + ", front " + front.pid() + ", worker " + worker.pid() + "]";
  }

  /// Reads what the last daemon on that directory wrote; nothing when it went in order, or when the
  /// file cannot be understood.
  public static Optional<DaemonFile> read(Path dataDirectory) throws IOException {
    try {
      var text = Files.readString(dataDirectory.resolve(NAME), StandardCharsets.UTF_8);
      var object = FrontJson.parseObject(text);
      return Optional.of(
          new DaemonFile(
              identity(object, "pid", "pidStartedAt"),
              identity(object, "frontPid", "frontPidStartedAt"),
              FrontJson.string(object, "url", ""),
              FrontJson.string(object, "token", ""),
              FrontJson.string(object, "startedAt", ""),
              FrontJson.string(object, "socketDirectory", "")));
    } catch (NoSuchFileException | FrontJson.Malformed _) {
      return Optional.empty();
    }
  }

  private static ProcessIdentity identity(JsonObject object, String pid, String startedAt) {
    return new ProcessIdentity(
        FrontJson.number(object, pid, 0), FrontJson.string(object, startedAt, ""));
  }

  /// True while the front that wrote it lives.
  public boolean isRunning() {
    return front.isAlive();
  }

  /// Writes the file whole or not at all: under another name, synced, then renamed.
  public void write(Path dataDirectory) throws IOException {
    var object =
        JsonObject.builder()
            .put("pid", worker.pid())
            .put("frontPid", front.pid())
            .put("url", url)
            .put("token", token)
            .put("startedAt", startedAt)
            .put("pidStartedAt", worker.startedAt())
            .put("frontPidStartedAt", front.startedAt());
    if (!socketDirectory.isEmpty()) {
      object.put("socketDirectory", socketDirectory);
    }
    var text = FrontJson.write(object.build()) + "\n";
    WholeFile.replace(dataDirectory.resolve(NAME), text.getBytes(StandardCharsets.UTF_8));
  }

  /// Removes the file: the daemon went in order.
  public static void remove(Path dataDirectory) throws IOException {
    Files.deleteIfExists(dataDirectory.resolve(NAME));
  }
}
