package dev.planaria.chaos.process;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonSyntaxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// What a daemon says of itself in `daemon.json`, as far as it is needed here.
///
/// @param workerPid the process that holds the sessions
/// @param frontPid the process that holds the port
/// @param token the operator's
record DaemonRecord(long workerPid, long frontPid, String token) {

  private static final int TOKEN_CHARACTERS = 4_096;

  /// Never shows the token.
  @Override
  public String toString() {
    return "DaemonRecord[front " + frontPid + ", worker " + workerPid + "]";
  }

  /// Reads it; nothing when the daemon went in order, or has not written one yet.
  static Optional<DaemonRecord> read(Path data) throws IOException {
    Path file = data.resolve("daemon.json");
    try {
      Fields fields = Fields.of(Json.parseObject(Files.readAllBytes(file), JsonLimits.DEFAULT));
      return Optional.of(
          new DaemonRecord(
              fields.requiredLong("pid", 1, Long.MAX_VALUE),
              fields.requiredLong("frontPid", 1, Long.MAX_VALUE),
              fields.requiredText("token", TOKEN_CHARACTERS)));
    } catch (NoSuchFileException none) {
      return Optional.empty();
    } catch (JsonSyntaxException | FieldException malformed) {
      throw new IOException(file + " cannot be understood: " + malformed.getMessage(), malformed);
    }
  }
}
