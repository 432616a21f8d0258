package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.Capture;
import dev.planaria.chaos.client.LinkLost;
import dev.planaria.chaos.client.McpClient;
import dev.planaria.chaos.client.ToolClient;
import dev.planaria.chaos.client.ToolRefused;
import dev.planaria.chaos.client.Workload;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Injector;
import dev.planaria.chaos.ledger.Ask;
import dev.planaria.chaos.ledger.Ledger;
import dev.planaria.chaos.ledger.LedgerLog;
import dev.planaria.chaos.ledger.LedgerReading;
import dev.planaria.chaos.ledger.Line;
import dev.planaria.chaos.ledger.Mark;
import dev.planaria.chaos.ledger.Outcome;
import dev.planaria.chaos.link.FaultyLink;
import dev.planaria.chaos.process.Daemon;
import dev.planaria.chaos.process.LiveDaemon;
import dev.planaria.chaos.process.ScratchDaemon;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Where an experiment takes place: its daemon, its callers at work in one session, the ledger, and
/// the notes of what happens. Used by one thread.
final class Stage implements AutoCloseable {

  static final String SESSION = "chaos";

  /// How long one answer may take before the call is sent again.
  private static final long PATIENCE_MILLIS = 30_000;

  /// How long calls that are under way may take to come to their end.
  private static final long SETTLE_MILLIS = 180_000;

  /// A link that passes nothing is told from one that does within that time, even on a busy
  /// machine.
  private static final long GLANCE_MILLIS = 2_000;

  /// So long the callers may take for what they are to do between two faults.
  private static final long WORK_MILLIS = 120_000;

  private static final long STEP_MILLIS = 500;
  private static final long AGAIN_MILLIS = 100;
  private static final int MOST_ATTEMPTS = 100;

  /// Each takes a call; so many show what there is to show.
  private static final int MOST_REPEATS = 40;

  final Daemon daemon;
  final Ledger ledger;
  final Notes notes;
  final SessionId session;
  final FaultyLink link;
  private final RunSettings settings;
  private final Clocks clocks;
  private McpClient direct;
  private final ToolClient callers;
  private final LedgerLog ledgerLog;
  private long acts;
  private final Workload workload;

  /// A daemon and the ways to it.
  ///
  /// @param link through which the callers go
  /// @param direct for questions that no fault of the link is to meet
  /// @param callers for the callers
  private record Approach(Daemon daemon, FaultyLink link, McpClient direct, ToolClient callers) {}

  private Stage(Approach approach, SessionId session, RunSettings settings, Notes notes)
      throws IOException {
    this.daemon = approach.daemon();
    this.link = approach.link();
    this.direct = approach.direct();
    this.callers = approach.callers();
    this.session = session;
    this.settings = settings;
    this.notes = notes;
    this.clocks = notes.clocks();
    this.ledgerLog = notes.ledgerLog();
    this.ledger = new Ledger(clocks.nanoTime(), ledgerLog);
    this.workload =
        new Workload(
            new Workload.Surroundings(
                () -> callers, ledger, settings.guarantees(), clocks.nanoTime()),
            settings.plan(),
            session);
  }

  /// How callers reach a daemon.
  private interface Way {
    ToolClient to(Daemon daemon, FaultyLink link) throws IOException, InterruptedException;
  }

  /// Starts a daemon, opens a session, and lets the callers begin.
  static Stage open(RunSettings settings, Notes notes) throws IOException, InterruptedException {
    return begun(ScratchDaemon.start(settings.launch()), SESSION, settings, notes, Stage::overHttp);
  }

  /// The same for callers that share a client of their own, which whoever has made it closes.
  static Stage open(RunSettings settings, Notes notes, ToolClient callers)
      throws IOException, InterruptedException {
    return begun(
        ScratchDaemon.start(settings.launch()), SESSION, settings, notes, (_, _) -> callers);
  }

  /// Opens a session of that name, which nobody else has, in a daemon that serves others, and lets
  /// the callers begin.
  static Stage in(LiveDaemon daemon, String name, RunSettings settings, Notes notes)
      throws IOException, InterruptedException {
    return begun(daemon, name, settings, notes, Stage::overHttp);
  }

  private static ToolClient overHttp(Daemon daemon, FaultyLink link)
      throws IOException, InterruptedException {
    return McpClient.connect(link.url(), daemon.token(), PATIENCE_MILLIS);
  }

  private static Stage begun(Daemon daemon, String name, RunSettings settings, Notes notes, Way way)
      throws IOException, InterruptedException {
    try {
      var link = new FaultyLink(daemon.url().getPort());
      McpClient direct = McpClient.connect(daemon.url(), daemon.token(), PATIENCE_MILLIS);
      ToolClient callers = way.to(daemon, link);
      var stage =
          new Stage(
              new Approach(daemon, link, direct, callers),
              Questions.open(direct, name),
              settings,
              notes);
      stage.begin();
      return stage;
    } catch (IOException | InterruptedException | RuntimeException failure) {
      daemon.close();
      throw failure;
    }
  }

  /// The daemon, which is of this experiment's own.
  ///
  /// @throws IllegalStateException when it is somebody else's
  ScratchDaemon scratch() {
    return switch (daemon) {
      case ScratchDaemon own -> own;
      case LiveDaemon other -> throw new IllegalStateException(other.url() + " is not ours");
    };
  }

  /// True when somebody who comes through the link now, for the first time, is answered.
  boolean isReached() throws IOException, InterruptedException {
    try (McpClient _ = McpClient.connect(link.url(), daemon.token(), GLANCE_MILLIS)) {
      return true;
    } catch (IOException unreached) {
      return false;
    }
  }

  /// Opens another session.
  SessionId openSession(String name) throws IOException, InterruptedException {
    return Questions.open(direct, name);
  }

  /// Asks for something beside the callers and their ledger.
  ///
  /// @return its receipt
  Receipt ask(Ask ask) throws IOException, InterruptedException {
    return Workload.repeat(direct, ask);
  }

  private void begin() {
    notes.begin();
    notes.tell(
        Moment.Lane.STATE,
        settings.plan().callers()
            + " callers begin in session "
            + session
            + ", seed "
            + settings.seed());
    workload.start(settings.seed());
  }

  /// Waits until so many more operations are acknowledged.
  ///
  /// @throws IOException when they are not, in two minutes
  void awaitWork(long more) throws IOException, InterruptedException {
    long wanted = ledger.acknowledgements() + more;
    boolean done = ledger.awaitAcknowledgements(wanted, WORK_MILLIS);
    ledger.requireRoom();
    if (!done) {
      throw new IOException(
          "the callers came to a standstill: "
              + ledger.acknowledgements()
              + " acknowledgements instead of "
              + wanted
              + " after "
              + WORK_MILLIS
              + " ms");
    }
  }

  /// Lets the callers work until a fault's time has come, does it, and waits until a call that was
  /// sent after it succeeds.
  ///
  /// @param work so many more operations are acknowledged before, so that the fault meets some
  /// @return when it began and was over; nothing when no call succeeded by the deadline, which is
  ///   noted as a violation
  Optional<Spell> befall(Injector injector, FaultSpec spec, long work, long deadlineMillis)
      throws IOException, InterruptedException {
    awaitTurn(spec, work);
    long began = clocks.nanoTime().getAsLong();
    var spell = new Spell(began, inject(injector, spec));
    return awaitRecovery(spell, deadlineMillis) ? Optional.of(spell) : Optional.empty();
  }

  /// While a fault lasted, on the monotonic clock.
  record Spell(long beganNanos, long overNanos) {
    long millis() {
      return TimeUnit.NANOSECONDS.toMillis(overNanos - beganNanos);
    }
  }

  /// Lets the callers work until a fault's time has come, and until so many more operations are
  /// acknowledged.
  void awaitTurn(FaultSpec spec, long work) throws IOException, InterruptedException {
    rest(Math.max(0, spec.startMillis() - notes.atMillis()));
    awaitWork(work);
  }

  private static void rest(long millis) throws InterruptedException {
    var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }

  /// Lets every call that is under way come to its end, and begins no other.
  void pause() throws IOException, InterruptedException {
    if (!workload.pause(SETTLE_MILLIS)) {
      throw new IOException("calls were still under way after " + SETTLE_MILLIS + " ms");
    }
  }

  /// Lets the callers go on.
  void goOn() {
    workload.goOn();
  }

  /// Does a fault and notes how often it really hit. A front that it ended is started again.
  ///
  /// @return when it was over, on the monotonic clock
  long inject(Injector injector, FaultSpec spec) throws IOException, InterruptedException {
    long began = notes.atMillis();
    long hits = injector.inject(spec);
    notes.hit(spec, hits, began);
    if (daemon.standAgain()) {
      notes.tell(Moment.Lane.STATE, "the daemon was started again");
    }
    return clocks.nanoTime().getAsLong();
  }

  /// Waits for the first success of a call that was sent after the fault, and notes how long it
  /// took since the fault began.
  ///
  /// @return false when there was none by the deadline, which is noted as a violation
  boolean awaitRecovery(Spell fault, long deadlineMillis) throws InterruptedException {
    long deadline = fault.overNanos() + TimeUnit.MILLISECONDS.toNanos(deadlineMillis);
    OptionalLong success = OptionalLong.empty();
    while (success.isEmpty()
        && workload.isAtWork()
        && clocks.nanoTime().getAsLong() - deadline < 0) {
      success = ledger.awaitRoundTripAfter(fault.overNanos(), STEP_MILLIS);
      ledger.requireRoom();
    }
    if (success.isEmpty()) {
      notes.violation(
          Violation.Kind.TOO_SLOW,
          "no call succeeded within " + deadlineMillis + " ms after the fault");
      return false;
    }
    notes.recovered(TimeUnit.NANOSECONDS.toMillis(success.getAsLong() - fault.beganNanos()));
    return true;
  }

  /// Asks, while nobody else does, until the daemon holds the newest receipt; notes how long it
  /// took since the fault began.
  ///
  /// @return false when it did not by the deadline, which is noted as a violation
  boolean awaitHeld(long beganNanos, long deadlineMillis) throws InterruptedException {
    Receipt newest = newestReceipt();
    long deadline = beganNanos + TimeUnit.MILLISECONDS.toNanos(deadlineMillis);
    String last = "nothing was tried";
    while (clocks.nanoTime().getAsLong() - deadline < 0) {
      try {
        String standing = standing(newest);
        if (!standing.equals("held")) {
          notes.violation(
              Violation.Kind.LOST, "the newest receipt, " + newest + ", is now: " + standing);
        }
        notes.recovered(TimeUnit.NANOSECONDS.toMillis(clocks.nanoTime().getAsLong() - beganNanos));
        return true;
      } catch (LinkLost lost) {
        notes.violation(Violation.Kind.LOST, String.valueOf(lost.getMessage()));
        return false;
      } catch (IOException | ToolRefused unanswered) {
        last = String.valueOf(unanswered.getMessage());
        rest(AGAIN_MILLIS);
      }
    }
    notes.violation(Violation.Kind.TOO_SLOW, "no answer within " + deadlineMillis + " ms: " + last);
    return false;
  }

  private Receipt newestReceipt() {
    return ledger.lines().stream()
        .map(Line::outcome)
        .filter(Outcome.Acknowledged.class::isInstance)
        .map(outcome -> ((Outcome.Acknowledged) outcome).receipt())
        .max(Comparator.comparingLong(Receipt::seq))
        .orElseThrow(() -> new IllegalStateException("nothing was acknowledged"));
  }

  /// Questions are asked over another link from now on: that of before may be among what was
  /// damaged.
  void meetAgain() throws IOException, InterruptedException {
    McpClient next = McpClient.connect(daemon.url(), daemon.token(), PATIENCE_MILLIS);
    direct.close();
    direct = next;
  }

  /// What the daemon says of the newest receipt.
  String newestStanding() throws IOException, InterruptedException {
    return standing(newestReceipt());
  }

  /// Has a checkpoint of the session taken.
  void checkpoint() throws IOException, InterruptedException {
    direct.call(
        "session_checkpoint", JsonObject.builder().put("session_id", session.toString()).build());
  }

  /// Asks for something in the callers' session, again and again until it is answered, and writes
  /// it into the ledger as callers do.
  ///
  /// @param arguments without session and operation id
  /// @return the result; nothing when it was refused
  /// @throws IOException when nobody answers
  Optional<JsonObject> act(String tool, JsonObject.Builder arguments)
      throws IOException, InterruptedException {
    String operation = "chaos-stage-" + ++acts;
    JsonObject complete =
        arguments.put("session_id", session.toString()).put("operation_id", operation).build();
    int number = settings.plan().callers();
    ledger.sent(new Ask(operation, number, session, tool, complete, new Mark.ReceiptOnly()));
    for (int attempt = 1; ; attempt++) {
      try {
        JsonObject result = direct.call(tool, complete);
        ledger.acknowledged(operation, Workload.receipt(tool, result));
        return Optional.of(result);
      } catch (ToolRefused refused) {
        ledger.ended(operation, new Outcome.Refused(String.valueOf(refused.getMessage())));
        return Optional.empty();
      } catch (IOException unanswered) {
        if (attempt == MOST_ATTEMPTS) {
          ledger.ended(operation, new Outcome.Stuck(String.valueOf(unanswered.getMessage())));
          throw unanswered;
        }
        ledger.sentAgain(operation);
        rest(AGAIN_MILLIS);
      }
    }
  }

  /// True when the daemon says that something was wrong with the session, or that it has lost
  /// something.
  long findingsOf(SessionId asked) throws IOException, InterruptedException {
    return Questions.findings(direct, asked);
  }

  /// How far the newest time that the daemon has told is ahead of our clock.
  long aheadMillis() throws IOException, InterruptedException {
    return Questions.newestMillis(direct, session) - clocks.nowMillis().getAsLong();
  }

  /// What the daemon says of a receipt.
  String standing(Receipt receipt) throws IOException, InterruptedException {
    return Questions.standing(direct, receipt);
  }

  /// The session's state as the daemon has it now.
  SessionState capture() throws IOException, InterruptedException {
    return Capture.of(daemon.url(), daemon.token(), daemon.data(), session);
  }

  /// The same, and each operation that led there.
  ///
  /// @param each takes them in order
  SessionState capture(Consumer<Entry> each) throws IOException, InterruptedException {
    return Capture.of(daemon.url(), daemon.token(), daemon.data(), session, each);
  }

  /// Ends the work, the session and the callers' links, in a daemon that goes on. What cannot be
  /// ended is told.
  void retire() throws InterruptedException {
    workload.close();
    try {
      direct.call(
          "session_close",
          JsonObject.builder()
              .put("session_id", session.toString())
              .put("reason", "the experiment is over")
              .put("operation_id", "chaos-close")
              .build());
      if (callers instanceof McpClient ours) {
        ours.leave();
      }
      direct.leave();
      notes.tell(Moment.Lane.STATE, "session " + session + " is closed");
    } catch (IOException | ToolRefused | LinkLost failure) {
      notes.tell(
          Moment.Lane.STATE,
          "session " + session + " or a link to it is left behind: " + failure.getMessage());
    }
  }

  /// Ends the work, reads back what was taken down of the ledger, on which the verdict rests, and
  /// sends some of what was acknowledged once more: it must have been done once.
  void finish() throws IOException, InterruptedException {
    if (!workload.finish(SETTLE_MILLIS)) {
      return; // what has no answer stands in the ledger as such
    }
    Optional<LedgerReading> written = ledgerLog.readBack();
    if (written.isPresent()) {
      written.get().requireSame(ledger.lines());
    }
    List<Line> done = ledger.lines().stream().filter(Line::isAcknowledged).toList();
    int step = Math.max(1, done.size() / MOST_REPEATS);
    for (int i = 0; i < done.size(); i += step) {
      repeat(done.get(i));
    }
    notes.tell(Moment.Lane.STATE, "the callers have ended");
  }

  private void repeat(Line line) throws InterruptedException {
    Receipt first = ((Outcome.Acknowledged) line.outcome()).receipt();
    String operation = line.ask().tool() + " " + line.ask().operationId();
    try {
      Receipt now = Workload.repeat(direct, line.ask());
      if (!now.equals(first)) {
        notes.violation(
            Violation.Kind.DUPLICATED,
            operation + " was done again when it was repeated: " + first + ", then " + now);
      }
    } catch (ToolRefused | LinkLost refused) {
      notes.violation(
          Violation.Kind.LOST,
          operation
              + " was acknowledged, and refused when it was repeated: "
              + refused.getMessage());
    } catch (IOException unanswered) {
      notes.violation(Violation.Kind.STUCK, operation + " had no answer when it was repeated");
    }
  }

  /// Ends the callers by force and the daemon with them, as far as they have not ended.
  @Override
  public void close() throws IOException {
    workload.close();
    if (callers instanceof McpClient ours) {
      ours.close();
    }
    direct.close();
    link.close();
    daemon.close();
    ledgerLog.close();
  }
}
