package dev.planaria.engine.session;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.recovery.RecoveryCodec;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.StateCodec;
import dev.planaria.engine.storage.sqlite.OnLoss;
import dev.planaria.engine.storage.sqlite.SqliteStore;
import dev.planaria.engine.storage.sqlite.StoreBehindWitness;
import dev.planaria.engine.storage.sqlite.StoreFormatException;
import dev.planaria.engine.storage.sqlite.StoreGuarantees;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;

/// Everything that callers can read from a store, and what the store says is wrong with it.
///
/// @param values each value that was returned, by name
/// @param errors each named error that stood in a value's place
/// @param findings what the store reported of itself when it was opened
/// @param verified what a verification found
record EverythingStored(
    Map<String, String> values,
    Map<String, String> errors,
    List<String> findings,
    List<String> verified) {

  /// Opens the store of a directory as the product does, reads everything and verifies.
  static EverythingStored read(Path directory, StoreImage image, StoreGuarantees guarantees) {
    var all =
        new EverythingStored(
            new TreeMap<>(), new TreeMap<>(), new ArrayList<>(), new ArrayList<>());
    var world = new TestEnvironment();
    world.pass(1_000_000);
    try (SqliteStore store = SqliteStore.open(directory, OnLoss.REFUSE, guarantees)) {
      all.findings.addAll(store.marks().evidence().findings());
      SessionEngine engine = StoreImage.open(store, world);
      all.readAll(engine, image);
      engine.verify().findings().forEach(finding -> all.verified.add(finding.sentence()));
      engine.abandon();
    } catch (StoreBehindWitness
        | StoreFormatException
        | DamagedException
        | JournalException refused) {
      all.errors.put("the store", refused.toString());
    }
    return all;
  }

  private void readAll(SessionEngine engine, StoreImage image) {
    value("sessions", () -> engine.sessions().toString());
    for (SessionId id : image.sessions) {
      value("state of " + id, () -> state(engine.view(id)));
      value("journal of " + id, () -> journal(engine, id));
      value("checkpoints of " + id, () -> engine.checkpoints(id).toString());
      value("recoveries of " + id, () -> recoveries(engine, id));
    }
    for (Receipt receipt : image.receipts) {
      value("standing of " + receipt, () -> engine.standing(receipt).toString());
    }
    value("runs", () -> runs(engine));
  }

  private void value(String name, Supplier<String> reading) {
    try {
      values.put(name, reading.get());
    } catch (SessionUnavailable | StoreUnavailable | DamagedException | JournalException refused) {
      errors.put(name, refused.toString());
    }
  }

  private static String state(SessionView view) {
    return view.head() + new String(StateCodec.encode(view.state()), StandardCharsets.UTF_8);
  }

  private static String journal(SessionEngine engine, SessionId id) {
    var text = new StringBuilder();
    engine.journal(
        id,
        1,
        Integer.MAX_VALUE,
        entry ->
            text.append(entry.seq())
                .append(entry.type())
                .append(entry.operationId())
                .append(entry.timeMillis())
                .append(new String(entry.body(), StandardCharsets.UTF_8)));
    return text.toString();
  }

  /// Without those of the opening that reads.
  private static String recoveries(SessionEngine engine, SessionId id) {
    String own = engine.recoveryRuns(1).getFirst().recoveryId();
    return engine.recoveries(id, 100).stream()
        .filter(record -> !record.recoveryId().equals(own))
        .map(record -> Json.write(RecoveryCodec.toJson(record)))
        .toList()
        .toString();
  }

  private static String runs(SessionEngine engine) {
    return engine.recoveryRuns(100).stream()
        .skip(1)
        .map(run -> Json.write(RecoveryCodec.toJson(run)))
        .toList()
        .toString();
  }

  /// True when something was reported without a verification.
  boolean isReportedAtOnce() {
    return !errors.isEmpty() || !findings.isEmpty();
  }

  /// True when something was reported.
  boolean isReported() {
    return isReportedAtOnce() || !verified.isEmpty();
  }

  /// Names of values that differ from those of a sound store; a value in whose place an error stood
  /// does not count.
  List<String> changesFrom(EverythingStored sound) {
    return sound.values.keySet().stream()
        .filter(name -> !errors.containsKey(name) && !errors.containsKey("the store"))
        .filter(name -> !Objects.equals(sound.values.get(name), values.get(name)))
        .toList();
  }
}
