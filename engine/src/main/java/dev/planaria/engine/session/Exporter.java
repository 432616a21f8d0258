package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.CheckpointLoader;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.transfer.ExportHead;
import dev.planaria.engine.transfer.ExportWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes a session into a file: as much of its journal as is there, archive included, and a state
/// to begin with when its first operations are not. The session goes on meanwhile. Thread-safe.
final class Exporter {

  private final EngineParts parts;

  Exporter(EngineParts parts) {
    this.parts = parts;
  }

  /// Writes the session as it is on disk now; the file is there when it is whole and on disk, under
  /// a temporary name before.
  ///
  /// @throws FileAlreadyExistsException when there is a file of that name
  /// @throws Refusal when no part of the journal up to the present is whole
  Exported export(LiveSession session, Path file) throws IOException {
    if (Files.exists(file)) {
      throw new FileAlreadyExistsException(
          file.toString(), null, "is there already; choose another name");
    }
    SessionImage image = session.view();
    DamagedException reason = null;
    for (Optional<CheckpointInfo> start : starts(session, image.seq())) {
      try {
        return attempt(session, image, start.orElse(null), file);
      } catch (DamagedException damaged) {
        // Something before a later checkpoint is missing: begin there.
        reason = damaged;
      }
    }
    throw new Refusal(
        Refusal.Code.WRONG_STATE,
        "no part of the session's journal reaches the present without a gap ("
            + (reason == null ? "it is empty" : reason.getMessage())
            + "); take a checkpoint, let something happen, and export it then");
  }

  /// Where an export can begin, the farthest back first.
  private List<Optional<CheckpointInfo>> starts(LiveSession session, long head) {
    var starts = new ArrayList<Optional<CheckpointInfo>>();
    parts.store().checkpoints(session.id()).stream()
        .filter(info -> info.verified() && info.seq() <= head)
        .forEach(info -> starts.addFirst(Optional.of(info)));
    starts.addFirst(Optional.empty());
    return starts;
  }

  private Exported attempt(
      LiveSession session, SessionImage image, @Nullable CheckpointInfo from, Path file)
      throws IOException {
    CheckpointContent start =
        from == null ? null : new CheckpointLoader(parts.store()).load(from).content();
    Path temporary =
        file.resolveSibling(file.getFileName() + "." + parts.environment().newId().get());
    try {
      long operations = write(session, image, start, temporary);
      long bytes = Files.size(temporary);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      syncDirectoryOf(file);
      long startSeq = start == null ? 0 : start.image().seq();
      return new Exported(image.state().name(), image.head(), startSeq, operations, bytes);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private long write(
      LiveSession session, SessionImage image, @Nullable CheckpointContent start, Path file)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode())) {
      var out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      var writer = new ExportWriter(out);
      SessionImage begin = start == null ? null : start.image();
      writer.head(
          new ExportHead(
              session.id(),
              image.state().name(),
              begin == null ? 0 : begin.seq(),
              begin == null ? Hash.ZERO : begin.hash(),
              image.seq(),
              image.hash(),
              parts.nowMillis()));
      if (start != null) {
        writer.start(start);
      }
      var chain = new Chain(writer, begin, image.seq());
      session.disk().journal(chain.next, Integer.MAX_VALUE, chain::add);
      chain.requireEnd();
      long operations = writer.finish();
      out.flush();
      channel.force(true);
      return operations;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// Entries that follow each other up to a head.
  private static final class Chain {
    private final ExportWriter writer;
    private final EntryCodec codec = new EntryCodec();
    private final long head;
    private final long startSeq;
    private final @Nullable SessionImage start;
    private long next;
    private Hash hash = Hash.ZERO;

    Chain(ExportWriter writer, @Nullable SessionImage start, long head) {
      this.writer = writer;
      this.start = start;
      this.head = head;
      this.startSeq = start == null ? 0 : start.seq();
      this.next = Math.max(1, startSeq);
    }

    void add(Entry entry) {
      if (entry.seq() > head) {
        return;
      }
      byte[] bytes = EntryCodec.rewrite(entry);
      boolean follows =
          (start != null && entry.seq() == startSeq)
              ? entry.hash().equals(start.hash())
              : codec.follows(hash, bytes, 0);
      if (entry.seq() != next || !follows) {
        throw new DamagedException("operation " + next + " is missing or out of its chain");
      }
      try {
        writer.entry(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      hash = entry.hash();
      next++;
    }

    void requireEnd() {
      if (next != head + 1) {
        throw new DamagedException("operation " + next + " is missing");
      }
    }
  }

  private static FileAttribute<?>[] mode() {
    return isPosix()
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static void syncDirectoryOf(Path file) throws IOException {
    if (isPosix()) {
      try (FileChannel directory =
          FileChannel.open(file.resolveSibling("."), StandardOpenOption.READ)) {
        directory.force(true);
      }
    }
  }

  private static boolean isPosix() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
  }
}
