package dev.planaria.chaos.simulation;

import dev.planaria.chaos.report.Violation.Kind;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.OperationLookup;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SeqRange;
import dev.planaria.engine.state.SessionId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What one session must be: every entry that its journal was ever seen to hold, and the state that
/// these lead to, worked out here without the engine's rules.
final class SessionModel {

  private final World world;
  private final Ledger ledger;
  private final SessionId id;
  private final TreeMap<Long, Hash> entries = new TreeMap<>();
  private final Map<String, Long> operations = new HashMap<>();
  private final Map<String, Long> intents = new HashMap<>();
  private final List<SeqRange> lost = new ArrayList<>();
  private final StateModel state;
  private long last;
  private long readableFrom = 1;
  private int verifiedWorker;

  SessionModel(World world, Ledger ledger, SessionId id) {
    this.world = world;
    this.ledger = ledger;
    this.id = id;
    this.state = new StateModel(world, ledger);
  }

  String name() {
    return id.toString();
  }

  boolean holds(Receipt receipt) {
    // Of what the journal no longer holds, the engine's own word is asked at the end.
    Hash seen = entries.get(receipt.seq());
    return receipt.seq() < readableFrom || (seen != null && seen.equals(receipt.hash()));
  }

  /// Reads what is new in the journal (all of it, in a worker that has not been looked at), and
  /// compares the state.
  void observe(SessionEngine engine, int worker) {
    SessionView view = engine.view(id);
    boolean another = worker != verifiedWorker;
    if (!another && view.head().seq() == last) {
      return;
    }
    verifiedWorker = worker;
    long before = last;
    read(engine, last + 1, this::learn);
    if (state.isRepaired()) {
      last = view.head().seq();
      state.adopt(view.state());
    }
    if (another) {
      verifyOld(engine, before);
      if (state.isRepaired()) {
        state.adopt(view.state());
      }
    }
    compare(view, another);
  }

  private void compare(SessionView view, boolean everything) {
    if (view.head().seq() != last) {
      world.violate(
          Kind.LOST, name() + " shows " + view.head().seq() + ", and its journal ends at " + last);
      return;
    }
    String difference = everything ? state.difference(view.state()) : state.change(view.state());
    if (difference != null) {
      world.violate(Kind.CHANGED, name() + " at " + last + " has another " + difference);
    }
  }

  private void read(SessionEngine engine, long from, java.util.function.Consumer<Entry> each) {
    try {
      engine.journal(id, from, Integer.MAX_VALUE, each);
    } catch (DamagedException | Refusal e) {
      if (!ledger.isDamaged()) {
        world.violate(Kind.UNSOUND, name() + " cannot be read, and nothing was damaged: " + e);
      }
      world.log.add(name() + " cannot be read from " + from + " on");
      readableFrom = engine.view(id).head().seq() + 1;
      state.repaired();
    }
  }

  private void learn(Entry entry) {
    if (entry.seq() <= last) {
      return;
    }
    last = entry.seq();
    entries.put(last, entry.hash());
    String operation = entry.principal() + '/' + entry.operationId();
    Long twice = operations.put(operation, last);
    if (twice != null) {
      world.violate(Kind.DUPLICATED, operation + " is in the journal at " + twice + " and " + last);
    }
    Request request = ledger.request(entry.operationId());
    if (request != null) {
      Long again = intents.put(request.intent(), last);
      if (again != null) {
        world.violate(
            Kind.DUPLICATED, request.intent() + " was done at " + again + " and at " + last);
      }
    }
    Operation done = OperationCodec.decode(entry.type(), entry.body());
    state.apply(done, entry);
    if (done instanceof Operation.Recovered recovered) {
      lose(recovered);
    }
  }

  /// True for an operation whose loss was reported.
  boolean isLost(long seq) {
    return SeqRange.anyHolds(lost, seq);
  }

  private void lose(Operation.Recovered recovered) {
    if (!ledger.isDamaged()) {
      world.violate(Kind.LOST, name() + " has lost " + recovered.lost() + " without any damage");
    }
    world.log.add(name() + " reports the loss of " + recovered.lost() + recovered.skippedSeqs());
    lost.addAll(recovered.lost());
    lost.addAll(recovered.skippedSeqs());
    // What is lost may be done once more.
    operations.values().removeIf(this::isLost);
    intents.values().removeIf(this::isLost);
    readableFrom = last;
  }

  /// Everything that was there before the worker changed must be there still.
  private void verifyOld(SessionEngine engine, long before) {
    long from = readableFrom;
    var found = new TreeMap<Long, Hash>();
    read(engine, from, entry -> found.put(entry.seq(), entry.hash()));
    if (readableFrom != from) {
      return;
    }
    Map<Long, Hash> expected = entries.tailMap(from);
    if (!found.equals(expected)) {
      world.violate(
          Kind.LOST,
          name() + " held " + expected.size() + " entries to " + before + ", now " + found.size());
    }
  }

  /// Asks the engine what became of everything that it has acknowledged, and of every call.
  void settle(SessionEngine engine, Map<String, Receipt> acknowledged, SimulatedServer server) {
    if (engine.find(name()).isEmpty()) {
      String vanished = name() + " of " + last + " operations is not there";
      world.log.add(vanished);
      if (!ledger.isDamaged()) {
        world.violate(Kind.LOST, vanished);
      } else if (engine.verify().isSound()) {
        world.violate(Kind.UNDETECTED, vanished + ", and nothing is found to be wrong");
      }
      return;
    }
    observe(engine, -1);
    // In the order of the journal: each segment of the archive is unpacked once then.
    acknowledged.entrySet().stream()
        .filter(one -> one.getValue().sessionId().equals(id))
        .sorted(Comparator.comparingLong(one -> one.getValue().seq()))
        .forEachOrdered(one -> {
          Request request = ledger.request(one.getKey());
          if (request != null) {
            check(engine, one.getValue(), new Caller(request.caller(), one.getKey()));
          }
        });
    for (Call call : engine.view(id).state().calls().values()) {
      if (call.status() == CallStatus.COMPLETED && server.runs(call.id()) == 0) {
        world.violate(Kind.CHANGED, "call " + call.id() + " is completed and was never run");
      }
      if (call.status().isOpen()) {
        world.violate(Kind.STUCK, "call " + call.id() + " is " + call.status());
      }
    }
  }

  private void check(SessionEngine engine, Receipt receipt, Caller caller) {
    boolean gone = isLost(receipt.seq());
    try {
      OperationLookup found = engine.operation(id, caller);
      boolean right =
          switch (found) {
            case OperationLookup.Applied(var committed) ->
                gone != committed.receipt().equals(receipt);
            // Of an entry that nobody can read, nobody can tell the id.
            case OperationLookup.RolledBack _, OperationLookup.Expired _ -> gone;
            case OperationLookup.NotFound _, OperationLookup.Pending _, OperationLookup.Unknown _ ->
                false;
          };
      if (!right) {
        world.violate(
            Kind.LOST, caller + " was acknowledged at " + receipt.seq() + ", now " + found);
      }
    } catch (DamagedException | Refusal | dev.planaria.engine.session.SessionUnavailable e) {
      if (!ledger.isDamaged()) {
        world.violate(Kind.LOST, caller + " was acknowledged and cannot be looked up: " + e);
      }
    }
  }
}
