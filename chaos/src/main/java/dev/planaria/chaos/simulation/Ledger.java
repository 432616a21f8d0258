package dev.planaria.chaos.simulation;

import dev.planaria.chaos.report.RunReport.Counts;
import dev.planaria.chaos.report.Violation.Kind;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.session.Committed;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryEntry;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Everything that was promised, kept outside the worker: what was asked, what was acknowledged,
/// and a model of each session that is made of its journal alone. Compared with what the worker
/// holds after every event.
final class Ledger {

  private final World world;
  private final Map<String, Request> asked = new HashMap<>();
  private final Map<String, Receipt> acknowledged = new TreeMap<>();
  private final Map<String, Long> newest = new HashMap<>();
  private final Map<SessionId, SessionModel> models = new TreeMap<>();
  private boolean damaged;
  private long lastFrames = -1;
  private int lastWorker;
  private @Nullable SessionEngine serving;
  private long refusals;
  private long unknowns;

  Ledger(World world) {
    this.world = world;
  }

  /// Something on the disk is damaged, so that losses may be reported from now on.
  void damaged() {
    damaged = true;
  }

  boolean isDamaged() {
    return damaged;
  }

  void asked(Request request) {
    asked.put(request.operationId(), request);
  }

  @Nullable Request request(String operationId) {
    return asked.get(operationId);
  }

  void refused(Request request, Refusal.Code code) {
    refusals++;
    boolean lost = code == Refusal.Code.OPERATION_ROLLED_BACK;
    if (lost && !damaged) {
      world.violate(Kind.LOST, request.operationId() + " was rolled back, and nothing was damaged");
    } else if (!lost && !damaged && acknowledged.containsKey(request.operationId())) {
      world.violate(
          Kind.CHANGED, request.operationId() + " was acknowledged, and is refused now: " + code);
    }
  }

  void unknown() {
    unknowns++;
  }

  /// The engine has acknowledged a command.
  void acknowledged(SessionEngine engine, Request request, Committed committed) {
    Receipt receipt = committed.receipt();
    String operationId = request.operationId();
    Receipt before = acknowledged.putIfAbsent(operationId, receipt);
    if (before != null) {
      if (model(before.sessionId()).isLost(before.seq())) {
        acknowledged.put(operationId, receipt);
      } else if (!before.equals(receipt)) {
        world.violate(
            Kind.DUPLICATED, operationId + " was acknowledged as " + before + " and " + receipt);
      }
      return;
    }
    if (request.command() instanceof Command.StoreMemory(var key, var value, var _, var _)
        && !(committed.operation() instanceof Operation.MemoryStored(MemoryEntry entry)
            && entry.key().equals(key)
            && entry.value().equals(value))) {
      world.violate(Kind.CHANGED, operationId + " was answered with another's result");
    }
    Long last = newest.merge(request.caller() + receipt.sessionId(), receipt.seq(), Math::max);
    if (last > receipt.seq()) {
      world.violate(
          Kind.REORDERED,
          operationId + " is at " + receipt.seq() + ", behind its caller's " + last);
    }
    // What a worker says whose place another one has taken is looked up at the end.
    if (engine.equals(serving)) {
      requireDurable(engine, receipt, operationId + " was acknowledged");
    }
  }

  /// The engine has shown a session.
  void shown(SessionEngine engine, SessionView view) {
    requireDurable(engine, view.head(), "a head was shown");
  }

  private void requireDurable(SessionEngine engine, Receipt receipt, String what) {
    SessionModel model = model(receipt.sessionId());
    model.observe(engine, lastWorker);
    if (!model.holds(receipt)) {
      world.violate(
          Kind.LOST,
          what + " at " + receipt.seq() + ", and the journal of " + model.name() + " has no such");
    }
  }

  private SessionModel model(SessionId id) {
    return models.computeIfAbsent(id, _ -> new SessionModel(world, this, id));
  }

  /// Compares the sessions in memory with what is expected of them, if anything can have changed.
  ///
  /// @param worker which process it is
  void observe(SessionEngine engine, int worker, boolean everything) {
    serving = engine;
    long frames = engine.figures().counts().commits();
    boolean same = frames == lastFrames && worker == lastWorker;
    if (same && !everything) {
      return;
    }
    lastFrames = frames;
    lastWorker = worker;
    for (SessionSummary summary : engine.sessions()) {
      if (summary.resident()) {
        model(summary.id()).observe(engine, worker);
      }
    }
  }

  /// Asks for every operation that was acknowledged, at the end.
  void settle(SessionEngine engine, SimulatedServer server) {
    for (SessionModel model : models.values()) {
      model.settle(engine, acknowledged, server);
    }
    if (!damaged && !engine.verify().findings().isEmpty()) {
      world.violate(Kind.UNSOUND, "verification finds " + engine.verify().findings());
    }
  }

  Counts counts() {
    return new Counts(asked.size(), acknowledged.size(), refusals, unknowns);
  }

  /// The receipt of an operation that was acknowledged, or null.
  @Nullable Receipt receipt(String operationId) {
    return acknowledged.get(operationId);
  }

  static boolean same(@Nullable Object one, @Nullable Object other) {
    return Objects.equals(one, other);
  }
}
