package dev.planaria.app.alerts;

import dev.planaria.app.files.WholeFile;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonSyntaxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.concurrent.Callable;

/// The standing in a file: a line with the SHA-256 of the rest, and JSON. It is replaced as a whole
/// and synced, so that after any kill either the old one or the new one is there. A damaged one is
/// put aside and reported, and never keeps a worker from starting; one that cannot be read now is
/// left as it is. Used by one thread at a time.
public final class StandingFile {
  /// Of one alert as it is written: a message of [Alert#MESSAGE_CHARACTERS] of which each takes six
  /// bytes, as control characters do, and 3 KiB for names, times and the rest.
  static final int ALERT_BYTES = 6 * (Alert.MESSAGE_CHARACTERS + 3) + 3_072;

  /// What the bounds of a standing come to: 33 MB.
  static final long MOST_BYTES = (long) ALERT_BYTES * (Alerts.MOST + Standing.WAITING);

  private static final int HASH_CHARACTERS = 64;

  private final Path file;
  private final Patience patience;
  private final Log log;

  /// @param file where it lies
  /// @param patience waits for its disk
  /// @param log hears of damage
  public StandingFile(Path file, Patience patience, Log log) {
    this.file = file;
    this.patience = patience;
    this.log = log;
  }

  /// The standing as it was written last; an empty one when there is none, or none that is sound.
  ///
  /// @throws IOException when the file cannot be read now, or its disk does not answer: what is in
  ///   it is not known
  public Standing read() throws IOException {
    return inTime(this::stored);
  }

  private Standing stored() throws IOException {
    byte[] bytes;
    try {
      bytes = Files.size(file) > MOST_BYTES ? new byte[0] : Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return Standing.NONE;
    }
    try {
      if (bytes.length <= HASH_CHARACTERS) {
        throw new FieldException("checksum", "is not there, or too much behind it");
      }
      byte[] body = Arrays.copyOfRange(bytes, HASH_CHARACTERS + 1, bytes.length);
      String written = new String(bytes, 0, HASH_CHARACTERS, StandardCharsets.US_ASCII);
      if (!Hash.sha256(body).toString().equals(written)) {
        throw new FieldException("checksum", "is another one");
      }
      return StandingCodec.fromJson(Json.parseObject(body, JsonLimits.OWN));
    } catch (JsonSyntaxException | FieldException e) {
      putAside(e);
      return Standing.NONE;
    }
  }

  private void putAside(Exception reason) {
    Path aside = file.resolveSibling(file.getFileName() + ".damaged");
    log.warn(
        "the alerts of before cannot be read, and begin anew; what is there lies in " + aside,
        reason);
    try {
      Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      log.warn("the damaged file could not be put aside; it will be written over", e);
    }
  }

  /// Replaces what is there.
  ///
  /// @throws IOException when it cannot be written, and what was there before is there still; or
  ///   when the disk does not answer, and nobody knows which of the two is
  public void write(Standing standing) throws IOException {
    byte[] body = Json.writeBytes(StandingCodec.toJson(standing));
    byte[] sum = (Hash.sha256(body) + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(sum, sum.length + body.length);
    System.arraycopy(body, 0, whole, sum.length, body.length);
    var _ =
        inTime(() -> {
          WholeFile.replace(file, whole);
          return standing;
        });
  }

  private <T> T inTime(Callable<T> work) throws IOException {
    return switch (patience.await("alerts.json", work)) {
      case Patience.Outcome.Done<T>(T value) -> value;
      case Patience.Outcome.Failed<T>(IOException reason) -> throw reason;
      case Patience.Outcome.Failed<T>(Exception reason) ->
          throw new IOException("alerts.json: " + reason.getMessage(), reason);
      case Patience.Outcome.Hanging<T>(long limitMillis) ->
          throw new IOException("the disk does not answer within " + limitMillis + " ms");
    };
  }
}
