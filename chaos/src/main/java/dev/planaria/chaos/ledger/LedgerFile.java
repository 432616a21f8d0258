package dev.planaria.chaos.ledger;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A ledger as a file, a line of JSON for each thing that it is told, handed to the operating
/// system before the call goes on: it outlives a kill of this process, not a loss of power. Only
/// its owner can read it. Thread-safe.
public final class LedgerFile implements LedgerLog {

  static final String FORMAT = "planaria-chaos-ledger/1";

  /// The event behind which none comes: whoever kept the ledger came to the run's end.
  static final String CLOSED = "closed";

  private final Path file;
  private final FileChannel channel;
  private @Nullable IOException failure;

  private LedgerFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Begins one, in place of what was in the file.
  ///
  /// @param file where; its directory is there
  /// @param experiment whose ledger it is
  /// @param seed of the run
  public static LedgerFile begin(Path file, String experiment, long seed) throws IOException {
    Files.deleteIfExists(file);
    var ownerOnly =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var ledger =
        new LedgerFile(
            file,
            FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly));
    ledger.write(
        JsonObject.builder()
            .put("format", FORMAT)
            .put("experiment", experiment)
            .put("seed", seed)
            .build());
    return ledger;
  }

  @Override
  public synchronized void write(JsonObject line) {
    if (failure != null) {
      return;
    }
    try {
      ByteBuffer bytes =
          ByteBuffer.wrap((Json.write(line) + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  @Override
  public Optional<LedgerReading> readBack() throws IOException {
    return Optional.of(LedgerReading.of(file));
  }

  @Override
  public synchronized void close() throws IOException {
    if (channel.isOpen()) {
      write(JsonObject.builder().put("event", CLOSED).build());
    }
    channel.close();
    if (failure != null) {
      throw new IOException("the ledger could not be written: " + failure.getMessage(), failure);
    }
  }
}
