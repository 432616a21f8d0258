package dev.planaria.app.alerts;

import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonSyntaxException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/// The standing in a file: a line with the SHA-256 of the rest, and JSON. It is replaced as a whole
/// and synced, so that after any kill either the old one or the new one is there. A damaged one is
/// put aside and reported, and never keeps a worker from starting. Used by one thread at a time.
public final class StandingFile {
  /// Above what the bounds of a standing come to.
  private static final long MOST_BYTES = 32L << 20;

  private static final int HASH_CHARACTERS = 64;

  private final Path file;
  private final Log log;

  /// @param file where it lies
  /// @param log hears of damage
  public StandingFile(Path file, Log log) {
    this.file = file;
    this.log = log;
  }

  /// The standing as it was written last; an empty one when there is none that can be read.
  public Standing read() {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new FieldException("size", "must be at most " + MOST_BYTES + " bytes");
      }
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length <= HASH_CHARACTERS) {
        throw new FieldException("checksum", "is not there");
      }
      byte[] body = Arrays.copyOfRange(bytes, HASH_CHARACTERS + 1, bytes.length);
      String written = new String(bytes, 0, HASH_CHARACTERS, StandardCharsets.US_ASCII);
      if (!Hash.sha256(body).toString().equals(written)) {
        throw new FieldException("checksum", "is another one");
      }
      return StandingCodec.fromJson(Json.parseObject(body, JsonLimits.OWN));
    } catch (NoSuchFileException e) {
      return Standing.NONE;
    } catch (IOException | JsonSyntaxException | FieldException e) {
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
  /// @throws IOException when it cannot be written; what was there before is there still
  public void write(Standing standing) throws IOException {
    byte[] body = Json.writeBytes(StandingCodec.toJson(standing));
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    try (FileChannel out =
        FileChannel.open(
            fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), owner)) {
      writeFully(out, (Hash.sha256(body) + "\n").getBytes(StandardCharsets.US_ASCII));
      writeFully(out, body);
      out.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path directory = file.getParent();
    if (directory != null) {
      try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
        entry.force(true);
      }
    }
  }

  private static void writeFully(FileChannel out, byte[] bytes) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    while (left.hasRemaining()) {
      out.write(left);
    }
  }
}
