package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.CheckpointBody;
import dev.planaria.engine.checkpoint.CheckpointCodec;
import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.recovery.SessionTail;
import dev.planaria.engine.state.Decide;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.SessionRow;
import dev.planaria.engine.transfer.ExportHead;
import dev.planaria.engine.transfer.ExportLimits;
import dev.planaria.engine.transfer.ExportReader;
import dev.planaria.engine.transfer.MalformedExport;
import dev.planaria.engine.transfer.TransferGuarantees;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Takes a session over from a file. The file is read twice: once to check all of it, which changes
/// nothing, and once, checked again, to take it over. The session is there with the one transaction
/// that writes its line in the catalogue; a process that dies before leaves bytes that belong to
/// nobody. Thread-safe; one import at a time.
final class Importer {

  private static final int BUFFER_BYTES = 1 << 16;

  private final EngineParts parts;
  private final Catalogue catalogue;
  private final ExportLimits limits;
  private final TransferGuarantees guarantees;
  private final ReentrantLock importing = new ReentrantLock();

  Importer(EngineParts parts, Catalogue catalogue, TransferGuarantees guarantees) {
    this.parts = parts;
    this.catalogue = catalogue;
    this.limits = parts.settings().exports();
    this.guarantees = guarantees;
  }

  /// What a file holds, checked.
  ///
  /// @param head what it says of itself
  /// @param content the session as of the head
  /// @param start the state that it begins with, or null
  /// @param operations how many it holds
  /// @param sum the SHA-256 that it ends with
  record Checked(
      ExportHead head,
      CheckpointContent content,
      @Nullable CheckpointContent start,
      long operations,
      Hash sum) {}

  /// Checks a file, and changes nothing.
  ///
  /// @throws MalformedExport when it is not whole, not sound, or too large
  Checked check(Path file) throws IOException {
    try (InputStream in = open(file)) {
      var reader = new ExportReader(in, limits, guarantees);
      var history = new ImportedHistory(reader.head(), parts.settings());
      Hash sum = reader.read(history);
      return new Checked(reader.head(), history.content(), history.start(), history.entries(), sum);
    }
  }

  private static InputStream open(Path file) throws IOException {
    return new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
  }

  /// Makes a session of its own with the state in the file.
  Imported copy(Checked checked, String name, Caller caller, PastStates.Beginner beginner) {
    SessionImage image = checked.content().image();
    String asked = "import\n" + checked.sum() + '\n' + name;
    Hash digest = Hash.sha256(asked.getBytes(StandardCharsets.UTF_8));
    var id = new SessionId(parts.environment().newId().get());
    LiveSession session =
        beginner.begin(
            Decide.fork(
                id, name, image.state(), image.seq(), parts.nowMillis(), parts.settings().limits()),
            digest,
            caller);
    PastStates.requireForkedBy(session, digest, caller, name);
    return new Imported(name, session.view().head(), checked.operations(), true);
  }

  /// Takes the session over under its own id and name, with everything that is known of it.
  ///
  /// @throws Refusal when its id or name is here already
  SessionSlot takeOver(Checked checked, Path file) throws IOException {
    importing.lock();
    try {
      requireFree(checked);
      removeRemains(checked.head().sessionId());
      FrameSpans spans = stage(checked, file);
      StoredCheckpoint newest = save(checked.content(), null);
      CheckpointContent start = checked.start();
      StoredCheckpoint oldest = start == null ? null : save(start, "where the import begins");
      return appear(checked, newest, oldest, spans);
    } catch (JournalException e) {
      throw new StoreUnavailable(
          "the store took no write, so that nothing was imported: " + e.getMessage(), e);
    } finally {
      importing.unlock();
    }
  }

  private void requireFree(Checked checked) {
    SessionState state = checked.content().image().state();
    if (catalogue.find(state.id()).isPresent()) {
      throw new Refusal(
          Refusal.Code.NAME_TAKEN,
          "the session in the file is here already, under its id "
              + state.id()
              + "; with another name (--name) its state is imported as a session of its own");
    }
    if (catalogue.named(state.name()).isPresent()) {
      throw nameTaken(state.name());
    }
  }

  private static Refusal nameTaken(String name) {
    return new Refusal(
        Refusal.Code.NAME_TAKEN,
        "there is another session of that name ("
            + name
            + "); with another name (--name) the state in the file is imported as a session of its"
            + " own");
  }

  /// What an import that was cut short has left.
  private void removeRemains(SessionId id) {
    List<String> remains = parts.store().checkpoints(id).stream().map(CheckpointInfo::id).toList();
    if (!remains.isEmpty()) {
      parts.writer().write(() -> parts.store().deleteCheckpoints(remains));
    }
  }

  private FrameSpans stage(Checked checked, Path file) throws IOException {
    try (InputStream in = open(file)) {
      var reader = new ExportReader(in, limits, guarantees);
      var staged = new StagedEntries(parts.writer(), Math.max(1, checked.head().startSeq()));
      if (!reader.head().equals(checked.head()) || !reader.read(staged).equals(checked.sum())) {
        throw new MalformedExport("the file was changed while it was being imported");
      }
      return staged.finish();
    }
  }

  private StoredCheckpoint save(CheckpointContent content, @Nullable String label) {
    var info =
        new CheckpointInfo(
            parts.environment().newId().get().toString(),
            content.image().state().id(),
            null,
            CheckpointInfo.Kind.FULL,
            content.image().seq(),
            parts.nowMillis(),
            label,
            0,
            false);
    StoredCheckpoint stored = CheckpointCodec.encode(info, new CheckpointBody.Full(content));
    parts.writer().write(() -> parts.store().saveCheckpoint(stored));
    StoredCheckpoint found = parts.store().checkpoint(info.id()).orElseThrow();
    if (!CheckpointCodec.decode(found).equals(content)) {
      throw new DamagedException("a checkpoint reads back as something else");
    }
    return stored;
  }

  /// Writes the line in the catalogue, while nobody else can take the name.
  private SessionSlot appear(
      Checked checked,
      StoredCheckpoint newest,
      @Nullable StoredCheckpoint oldest,
      FrameSpans spans) {
    SessionImage image = checked.content().image();
    SessionState state = image.state();
    var row =
        new SessionRow(
            state.id(),
            state.name(),
            state.status(),
            state.createdAtMillis(),
            image.seq(),
            image.hash());
    var mine =
        new SessionSlot(
            SessionTail.ofCheckpoint(
                row.id(), row.name(), row.createdAtMillis(), row.status(), row.seq(), row.hash()),
            parts.threads());
    SessionSlot there =
        catalogue.getOrAdd(
            state.name(),
            () -> {
              mark(newest, oldest, row, spans);
              return mine;
            });
    if (!there.equals(mine)) {
      throw nameTaken(state.name());
    }
    return mine;
  }

  /// From here on the session is there, whatever happens.
  private void mark(
      StoredCheckpoint newest,
      @Nullable StoredCheckpoint oldest,
      SessionRow row,
      FrameSpans spans) {
    String id = newest.info().id();
    List<String> ids = oldest == null ? List.of(id) : List.of(id, oldest.info().id());
    try {
      parts.writer().write(() -> parts.store().markVerified(ids, row, spans));
    } catch (JournalException.StoreFailed failed) {
      // A failed commit is unknown; the store, which was opened again, tells what became of it.
      if (!isVerified(newest.info(), failed)) {
        throw failed;
      }
    }
  }

  private boolean isVerified(CheckpointInfo info, JournalException failed) {
    var verified = new AtomicBoolean();
    try {
      parts
          .writer()
          .write(() ->
              verified.set(
                  parts.store().checkpoints(info.sessionId()).stream()
                      .anyMatch(found -> found.id().equals(info.id()) && found.verified())));
      return verified.get();
    } catch (JournalException e) {
      failed.addSuppressed(e);
      throw new StoreUnavailable(
          "the store failed while the import was committed, and whether the session is there is"
              + " not known until it takes writes again and is opened anew: "
              + failed.getMessage(),
          failed);
    }
  }
}
