package dev.planaria.engine.session;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.integrity.VerificationReport;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.GroupCommit;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.recovery.CrashEvent;
import dev.planaria.engine.recovery.Examination;
import dev.planaria.engine.recovery.RecoveryChoice;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.recovery.TailScan;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Decide;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.Operation.SessionOpened;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.Store;
import dev.planaria.engine.storage.sqlite.SqliteStore;
import dev.planaria.engine.transfer.TransferGuarantees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Durable sessions on one data directory. Thread-safe; callers block until their operation is on
/// disk.
public final class SessionEngine implements AutoCloseable {

  /// An operation id of a recovery is remembered for so many recoveries of its session.
  private static final int RECORDS_SEARCHED = 1_000;

  private final EngineParts parts;
  private final Catalogue catalogue;
  private final Healing healing;
  private final RequestedRecovery requested;
  private final Scrub scrub;
  private final Checkpointer checkpointer;
  private final PastStates past;
  private final Importer importer;
  private final Residency residency;
  private final Settling settling;
  private final Housekeeping housekeeping;
  private final @Nullable RecoveryLedger ledger;
  private final @Nullable CrashRecovery crashRecovery;
  private final EngineFigures figures;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SessionEngine(
      EngineParts parts, TailScan.Result scan, @Nullable CrashEvent crash, Catalogue catalogue) {
    this.parts = parts;
    this.catalogue = catalogue;
    this.checkpointer = new Checkpointer(parts, catalogue);
    this.past = new PastStates(parts, catalogue, checkpointer, this::live);
    this.importer = new Importer(parts, catalogue, TransferGuarantees.ALL);
    this.residency = new Residency(parts, catalogue, checkpointer);
    this.ledger = crash == null ? null : new RecoveryLedger(parts, crash, scan);
    this.figures = new EngineFigures(parts, catalogue, new RecoveryHistory(parts.store(), ledger));
    var reports = new RecoveryReports(parts, ledger);
    this.healing = new Healing(parts, checkpointer, reports, scan.damaged());
    this.crashRecovery =
        ledger == null
            ? null
            : new CrashRecovery(
                parts,
                catalogue,
                residency,
                ledger,
                this::recoverInTurn,
                slot -> slot.prove(healing::recoverByTable));
    var copies = new StoredCopies(parts, checkpointer);
    this.requested = new RequestedRecovery(parts, healing, copies, reports);
    this.scrub =
        new Scrub(
            parts,
            new Scrub.Means(
                catalogue,
                healing,
                copies,
                reports,
                this::recoverInTurn,
                () -> ledger != null && ledger.isWaiting()));
    this.settling = new Settling(parts, catalogue, checkpointer, this::recoverInTurn);
    this.housekeeping =
        new Housekeeping(
            new Housekeeping.Work(this::tick, this::recoverAll, this::settle), parts.settings());
  }

  /// Opens the store in a directory, or makes one; verifies its tail and serves at once, while the
  /// sessions that were active at a crash are recovered in the background (a touched one first).
  ///
  /// @param crash what the process monitor saw of the last process, or null when nobody watched
  /// @throws dev.planaria.engine.storage.sqlite.StoreLocked when another process holds the
  ///   directory
  /// @throws dev.planaria.engine.storage.sqlite.StoreFormatException when a newer version wrote it
  /// @throws dev.planaria.engine.journal.JournalException.StoreFailed when it cannot be read or
  ///   synced
  public static SessionEngine open(
      Path directory,
      EngineSettings settings,
      EngineEnvironment environment,
      @Nullable CrashEvent crash) {
    return open(SqliteStore.open(directory), settings, environment, crash, EngineGuarantees.ALL);
  }

  /// As the other, on a store that is open; the engine closes it.
  public static SessionEngine open(
      Store store,
      EngineSettings settings,
      EngineEnvironment environment,
      @Nullable CrashEvent crash,
      EngineGuarantees guarantees) {
    // What a killed process left may be readable and yet not be on disk: sync before serving it.
    store.sync();
    TailScan.Result scan = TailScan.runToServe(store);
    long epoch = store.marks().epoch();
    var writer =
        new GroupCommit(
            store,
            scan.head(),
            epoch,
            settings.commit(),
            new GroupCommit.Surroundings(
                environment.nanoTime(),
                environment.threads(),
                fenced -> {},
                guarantees.lookUpFailedCommits()));
    var parts =
        new EngineParts(
            store,
            writer,
            epoch,
            settings,
            environment,
            guarantees,
            new Semaphore(settings.pendingOperations()),
            new EngineTally());
    var catalogue = new Catalogue(settings.sessions());
    scan.sessions().values().forEach(tail -> catalogue.add(new SessionSlot(tail, parts.threads())));
    CrashEvent seen = crash;
    if (seen == null && !store.marks().closedCleanly() && epoch > 1) {
      seen = CrashRecovery.unwatched(environment, scan);
    }
    var engine = new SessionEngine(parts, scan, seen, catalogue);
    engine.housekeeping.start();
    return engine;
  }

  /// Opens the session of that name, or creates it. Without a name a new one is created; its name
  /// is made of the operation id, so that a repeat finds it.
  ///
  /// @throws Refusal when the name is not allowed, or the store is full
  public Opened openSession(
      @Nullable String name,
      @Nullable SessionId parent,
      SwarmConfiguration configuration,
      Caller caller) {
    Caller identified = identified(caller);
    String chosen = name == null ? SessionNames.generated("session", identified) : name;
    var newId = new SessionId(parts.environment().newId().get());
    SessionOpened opened =
        Decide.open(newId, chosen, parent, configuration, parts.settings().limits());
    // A session is opened once, so its name stands for the command.
    Hash digest = Hash.sha256(chosen.getBytes(StandardCharsets.UTF_8));
    LiveSession session = begin(opened, digest, identified);
    SessionImage image = session.view();
    return new Opened(image.state(), image.head(), session.opening(identified) != null);
  }

  /// The session of that name, which is begun now when there is none.
  private LiveSession begin(Operation.Beginning first, Hash digest, Caller caller) {
    var created = new LiveSession[1];
    SessionSlot slot =
        catalogue.getOrAdd(
            first.name(),
            () -> {
              created[0] = new LiveSession(first.sessionId(), parts);
              return new SessionSlot(created[0], first.name(), parts.nowMillis());
            });
    try {
      if (created[0] != null) {
        created[0].open(first, digest, caller);
      }
      LiveSession session = live(slot);
      var _ = session.view();
      return session;
    } catch (StoreUnavailable e) {
      LiveSession stillborn = slot.liveOrNull();
      if (stillborn != null && stillborn.isStillborn()) {
        catalogue.remove(slot);
      }
      throw e;
    }
  }

  /// Begins a session with what another one was at some point; nobody works in it yet, and nothing
  /// that happens in one of the two concerns the other. The same operation id gives the same
  /// session.
  ///
  /// @param name of the new session, or null for one that is made of the operation id
  /// @param point the state to begin with, or null for the present one
  /// @throws Refusal when there is no such session or point, what is needed for it is damaged or
  ///   was dropped for its age, the name is taken or not allowed, or it would be too large
  public Opened fork(
      SessionId parent, @Nullable String name, @Nullable PastPoint point, Caller caller) {
    return past.fork(require(parent), name, point, identified(caller), this::begin);
  }

  private Caller identified(Caller caller) {
    return caller.operationId() == null
        ? new Caller(caller.principal(), parts.environment().newId().get().toString())
        : caller;
  }

  /// Takes a session back to what it was at some point, by one operation above all others. Tasks
  /// that were being worked on wait for a new claim; connections stay as they are. The operations
  /// in between stay in the journal, and their ids answer that they were rolled back.
  ///
  /// @throws Refusal when there is no such session or point, what is needed for it is damaged or
  ///   was dropped for its age, or it would be too large; nothing changed
  /// @throws SessionUnavailable when the session is damaged
  /// @throws StoreUnavailable when the store takes no writes; nothing changed
  /// @throws OutcomeUnknown when a commit failed and cannot be resolved yet
  public Committed restore(SessionId session, PastPoint point, Caller caller) {
    return past.restore(require(session), point, caller);
  }

  /// Decides a command and returns when its operation is on disk.
  ///
  /// @throws Refusal when it is not accepted; nothing changed
  /// @throws SessionUnavailable when the session is damaged
  /// @throws StoreUnavailable when the store takes no writes; nothing changed
  /// @throws OutcomeUnknown when a commit failed and cannot be resolved yet
  public Committed submit(SessionId session, Command command, Caller caller) {
    SessionSlot slot = require(session);
    while (true) {
      Optional<Committed> committed = live(slot).submit(command, caller);
      if (committed.isPresent()) {
        return committed.get();
      }
    }
  }

  /// The session as it is on disk; of a quarantined one, what can be read.
  ///
  /// @throws Refusal when there is no such session
  /// @throws SessionUnavailable when nothing of the session can be read
  public SessionView view(SessionId session) {
    SessionSlot slot = require(session);
    try {
      SessionImage image = live(slot).view();
      return new SessionView(image.state(), image.head());
    } catch (SessionUnavailable quarantined) {
      SessionImage readable = slot.readable();
      if (readable == null) {
        throw quarantined;
      }
      return new SessionView(readable.state().quarantined(), readable.head());
    }
  }

  /// Recovers a session as a person has decided; one that serves is left alone.
  ///
  /// @throws Refusal when there is no such session
  /// @throws SessionUnavailable when that fails too; nothing was changed
  public SessionView recover(SessionId session, RecoveryChoice choice) {
    SessionImage image =
        require(session).recoverAgain(tail -> healing.recover(tail, choice)).view();
    return new SessionView(image.state(), image.head());
  }

  /// Recovers a session on demand, as the decision table says. A sound one is looked at, in memory
  /// and on disk, and left alone. The same operation id again gives the first answer.
  ///
  /// @param wanted the strategy that the caller expects, or null for the one that fits
  /// @throws Refusal when there is no such session, or the strategy does not fit
  /// @throws SessionUnavailable when a person must decide what becomes of it
  public Recovered recoverNow(
      SessionId session, RecoveryRecord.@Nullable Strategy wanted, Caller caller) {
    return requested.run(
        require(session), wanted, caller, () -> recoveries(session, RECORDS_SEARCHED));
  }

  /// The session as it was after one of its operations.
  ///
  /// @throws Refusal when there is no such session, or no such operation
  /// @throws SessionUnavailable when the session is damaged
  /// @throws dev.planaria.engine.journal.DamagedException when what is needed for it is not intact
  public SessionView viewAt(SessionId session, long seq) {
    LiveSession live = live(require(session));
    long newest = live.view().seq();
    if (seq < 1 || seq > newest) {
      throw new Refusal(
          Refusal.Code.NOT_FOUND,
          "`seq` must be an operation of the session, 1 to " + newest + ", not " + seq);
    }
    SessionImage image = live.disk().stateAt(seq);
    return new SessionView(image.state(), image.head());
  }

  /// Finds a session by id or name.
  public Optional<SessionSummary> find(String idOrName) {
    return catalogue.find(idOrName).map(SessionSlot::summary);
  }

  /// All sessions, oldest first.
  public List<SessionSummary> sessions() {
    return catalogue.all().stream().map(SessionSlot::summary).toList();
  }

  /// What the session says of a receipt.
  ///
  /// @throws Refusal when there is no such session
  public ReceiptStanding standing(Receipt receipt) {
    LiveSession session = live(require(receipt.sessionId()));
    if (receipt.seq() > session.view().seq()) {
      return ReceiptStanding.BEHIND;
    }
    return session
            .disk()
            .find(receipt.seq())
            .map(entry -> entry.hash().equals(receipt.hash()))
            .orElse(false)
        ? ReceiptStanding.HELD
        : ReceiptStanding.FORKED;
  }

  /// Hands a session's durable operations from a seq on to the visitor, in order.
  public void journal(SessionId session, long fromSeq, int limit, Consumer<Entry> visitor) {
    live(require(session)).disk().journal(fromSeq, limit, visitor);
  }

  /// Writes a session into a new file, as it is on disk now, with all of its journal that is there.
  ///
  /// @throws Refusal when there is no such session, or its journal has gaps up to the present
  /// @throws IOException when the file cannot be written, or is there already
  public Exported export(SessionId session, Path file) throws IOException {
    return new Exporter(parts).export(live(require(session)), file);
  }

  /// Takes a session over from a file, whole or not at all. Under its own name it keeps its id, its
  /// receipts and its operation ids.
  ///
  /// @throws MalformedExport when the file is not whole, not sound, or too large; nothing changed
  /// @throws Refusal when the name may not be used, or the id or the name is here already
  /// @throws IOException when the file cannot be read
  public Imported importFrom(ImportRequest request, Caller caller) throws IOException {
    Importer.Checked checked = importer.check(request.file());
    request.requireAllowed(checked.head().name());
    if (request.name() != null) {
      return importer.copy(checked, request.name(), identified(caller), this::begin);
    }
    LiveSession session = live(importer.takeOver(checked, request.file()));
    checkpointer.takeAfresh(session);
    Receipt head = checked.content().image().head();
    return new Imported(checked.head().name(), head, checked.operations(), false);
  }

  /// Checks the whole store, reading beside whoever writes.
  public VerificationReport verify() {
    return verify(VerificationReport.Scope.EVERYTHING);
  }

  /// Checks what is asked for, reading beside whoever writes, and changes nothing.
  ///
  /// @throws Refusal when there is no such session
  public VerificationReport verify(VerificationReport.Scope scope) {
    if (scope.session() != null) {
      var _ = require(scope.session());
    }
    return new Examination(parts.store(), parts.environment().nanoTime()).run(scope);
  }

  /// What is known of a caller's operation id.
  public OperationLookup operation(SessionId session, Caller caller) {
    return live(require(session)).lookUp(caller);
  }

  /// Takes a checkpoint now (a full one when it gets a label), reads it back and compares it.
  public CheckpointInfo checkpoint(SessionId session, @Nullable String label) {
    return checkpointer.take(live(require(session)), label);
  }

  /// A session's checkpoints, newest first.
  public List<CheckpointInfo> checkpoints(SessionId session) {
    return parts.store().checkpoints(require(session).id());
  }

  /// Recovery runs, newest first.
  public List<RecoveryRun> recoveryRuns(int limit) {
    return figures.history().runs(limit);
  }

  /// A session's recoveries, newest first.
  public List<RecoveryRecord> recoveries(SessionId session, int limit) {
    return figures.history().of(session, limit);
  }

  /// Returns after a round trip through the journal writer.
  ///
  /// @throws StoreUnavailable when the last commit failed and none has succeeded since
  public void probe() {
    parts.writer().write(() -> {});
    RuntimeException failure = parts.writer().failure();
    if (failure != null) {
      throw new StoreUnavailable("the store fails: " + failure.getMessage(), failure);
    }
  }

  /// What the engine can be measured by.
  public EngineFigures figures() {
    return figures;
  }

  /// One round of housekeeping: leases and memory that ran out, commits that hang, checkpoints that
  /// are due. Called by the engine itself unless its settings say otherwise.
  public void tick() {
    parts.writer().giveUpWaiting(parts.settings().commitTimeoutMillis() * 1_000_000);
    for (SessionSlot slot : catalogue.all()) {
      LiveSession session = slot.liveOrNull();
      if (session != null) {
        session.sweep();
      }
    }
    checkpointer.runOnce(false);
    residency.makeRoom();
    if (ledger != null) {
      ledger.save();
    }
    scrub.runOnce();
  }

  /// How far the reading of stored data in the background has come; empty before it has begun.
  public Optional<ScrubReport> scrubbed() {
    return Optional.ofNullable(scrub.report());
  }

  /// Recovers every session that was active at the crash and that nobody has touched yet.
  ///
  /// @return false when some could not be read, and are to be tried again
  public boolean recoverAll() {
    return crashRecovery == null || crashRecovery.run(housekeeping::isClosing);
  }

  /// Checkpoints sessions that a recovery has left on disk as they were, when they are due.
  public void settle() {
    settling.runOnce(housekeeping::isClosing);
  }

  private void recoverInTurn(SessionSlot slot) {
    SessionUnavailable.unlessQuarantined(() -> live(slot));
  }

  /// Finishes what was accepted, checkpoints every session in memory, marks the store as closed in
  /// order, and releases it. Closing twice is closing once.
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    housekeeping.close();
    try {
      checkpointer.runOnce(true);
      if (ledger != null) {
        ledger.save();
      }
      parts.writer().write(() -> parts.store().markClosed());
    } finally {
      parts.writer().close();
      parts.store().close();
    }
  }

  /// Stops every thread and leaves the store as a kill would leave it; for tests.
  void abandon() {
    housekeeping.close();
    parts.writer().close();
  }

  private SessionSlot require(SessionId id) {
    return catalogue
        .find(id)
        .orElseThrow(() ->
            new Refusal(Refusal.Code.NOT_FOUND, "there is no session " + id + " in this store"));
  }

  private LiveSession live(SessionSlot slot) {
    return slot.live(parts.nowMillis(), healing::recoverByTable);
  }
}
