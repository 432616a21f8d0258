package dev.planaria.chaos.disk;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Injector;
import dev.planaria.chaos.fault.Target;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// Damages the files of a store that no process serves. A hit is a byte of a file that is another
/// one afterwards, or is not there any more.
public final class DiskInjector implements Injector {

  private static final int PAGE_BYTES = 4_096;

  /// Short enough to lie on one page of the database, long enough to lie nowhere else.
  private static final int PATTERN_BYTES = 48;

  private final StoreFiles files;
  private final Map<Path, byte[]> older;
  private final SessionId session;
  private final SplittableRandom random;

  /// @param files the store's
  /// @param older what they were at an earlier time, for [Fault.OlderCopy]
  /// @param session whose checkpoints are meant
  /// @param random decides where
  public DiskInjector(
      StoreFiles files, Map<Path, byte[]> older, SessionId session, SplittableRandom random) {
    this.files = files;
    this.older = Map.copyOf(older);
    this.session = session;
    this.random = random;
  }

  @Override
  public boolean canDo(FaultSpec spec) {
    boolean file =
        switch (spec.target()) {
          case DATABASE, WAL, WITNESS, ARCHIVE -> true;
          case CHECKPOINT -> spec.fault() instanceof Fault.FlipByte;
          case WORKER,
              FRONT,
              DAEMON,
              SHIM,
              UPSTREAM,
              CLIENT_LINK,
              UPSTREAM_LINK,
              DISK,
              CLOCK,
              MEMORY ->
              false;
        };
    return file
        && (spec.fault() instanceof Fault.FlipByte
            || spec.fault() instanceof Fault.ZeroPage
            || spec.fault() instanceof Fault.Truncate
            || spec.fault() instanceof Fault.OlderCopy);
  }

  @Override
  public long inject(FaultSpec spec) throws IOException {
    if (!canDo(spec)) {
      throw new IllegalArgumentException("no file can be met by " + spec);
    }
    if (spec.target() == Target.CHECKPOINT) {
      return flipCheckpoint();
    }
    Optional<Path> file = file(spec.target()).filter(Files::isRegularFile);
    if (file.isEmpty()) {
      return 0;
    }
    byte[] before = Files.readAllBytes(file.get());
    if (spec.fault() instanceof Fault.OlderCopy && !older.containsKey(file.get())) {
      Files.delete(file.get()); // there was none
      return before.length;
    }
    byte[] after = damaged(spec.fault(), before, file.get());
    if (Arrays.equals(before, after)) {
      return 0;
    }
    Files.write(file.get(), after);
    return difference(before, after);
  }

  private Optional<Path> file(Target target) throws IOException {
    return switch (target) {
      case DATABASE -> Optional.of(files.database());
      case WAL -> Optional.of(files.log());
      case WITNESS -> Optional.of(files.witness());
      case ARCHIVE -> anyOf(files.segments());
      default -> Optional.empty();
    };
  }

  private Optional<Path> anyOf(List<Path> segments) {
    return segments.isEmpty()
        ? Optional.empty()
        : Optional.of(segments.get(random.nextInt(segments.size())));
  }

  private byte[] damaged(Fault fault, byte[] before, Path file) {
    if (before.length == 0) {
      return before;
    }
    return switch (fault) {
      case Fault.FlipByte() -> flipped(before, random.nextInt(before.length));
      case Fault.ZeroPage() -> zeroed(before);
      case Fault.Truncate() -> Arrays.copyOf(before, random.nextInt(before.length));
      case Fault.OlderCopy() -> older.getOrDefault(file, before);
      default -> throw new IllegalArgumentException("no file can be met by " + fault);
    };
  }

  private byte[] flipped(byte[] before, int at) {
    byte[] after = before.clone();
    after[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    return after;
  }

  /// One that holds anything, if there is one: a page that was never used is all zeros already.
  private byte[] zeroed(byte[] before) {
    int pages = Math.ceilDiv(before.length, PAGE_BYTES);
    int first = random.nextInt(pages);
    for (int i = 0; i < pages; i++) {
      int from = (first + i) % pages * PAGE_BYTES;
      byte[] after = before.clone();
      Arrays.fill(after, from, Math.min(from + PAGE_BYTES, after.length), (byte) 0);
      if (!Arrays.equals(before, after)) {
        return after;
      }
    }
    return before;
  }

  private static long difference(byte[] before, byte[] after) {
    long different = Math.abs((long) before.length - after.length);
    for (int i = 0; i < Math.min(before.length, after.length); i++) {
      different += before[i] == after[i] ? 0 : 1;
    }
    return different;
  }

  /// Flips a bit in the newest checkpoint's body, wherever in the database or its log it lies.
  private long flipCheckpoint() throws IOException {
    byte[] body = newestCheckpoint();
    if (body.length < PATTERN_BYTES) {
      return 0;
    }
    long hits = 0;
    // A piece near the beginning may be cut in two by the end of a page; another one is not.
    for (int from = 0; hits == 0 && from + PATTERN_BYTES <= body.length; from += PATTERN_BYTES) {
      byte[] pattern = Arrays.copyOfRange(body, from, from + PATTERN_BYTES);
      for (Path file : List.of(files.database(), files.log())) {
        hits += flipEach(file, pattern);
      }
    }
    return hits;
  }

  private byte[] newestCheckpoint() {
    try (SqliteStore store = SqliteStore.openReadOnly(files.data())) {
      return store.checkpoints(session).stream()
          .findFirst()
          .map(CheckpointInfo::id)
          .flatMap(store::checkpoint)
          .map(checkpoint -> checkpoint.body())
          .orElse(new byte[0]);
    }
  }

  private long flipEach(Path file, byte[] pattern) throws IOException {
    if (!Files.isRegularFile(file)) {
      return 0;
    }
    byte[] bytes = Files.readAllBytes(file);
    List<Integer> found = new ArrayList<>();
    for (int at = 0; at + pattern.length <= bytes.length; at++) {
      if (Arrays.equals(bytes, at, at + pattern.length, pattern, 0, pattern.length)) {
        found.add(at);
      }
    }
    for (int at : found) {
      bytes[at + random.nextInt(pattern.length)] ^= 1;
    }
    if (!found.isEmpty()) {
      Files.write(file, bytes);
    }
    return found.size();
  }
}
