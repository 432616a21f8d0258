package dev.planaria.app.cli.scratch;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/// What the demo found.
///
/// @param audit the ledger held against the daemon
/// @param kills what each kill did
/// @param failures calls that were refused, which none should be
public record DemoReport(Audit audit, List<Kill> kills, List<String> failures) {

  /// One kill.
  ///
  /// @param what was killed
  /// @param phase what the callers noticed
  record Kill(String what, Ledger.Phase phase) {}

  /// True when nothing was lost, doubled or reordered, no call was refused, and no death of a
  /// worker broke a call.
  public boolean isGood() {
    return audit.lost() == 0
        && audit.doubled() == 0
        && audit.reordered() == 0
        && failures.isEmpty()
        && brokenByWorkerKills() == 0;
  }

  private int brokenByWorkerKills() {
    return kills.stream()
        .filter(kill -> kill.what().equals("worker"))
        .mapToInt(kill -> kill.phase().broken())
        .sum();
  }

  /// The report for people.
  public String text() {
    var lines = new ArrayList<String>();
    lines.add("read back:");
    lines.add(line("receipts still held", audit.receiptsHeld(), audit.acknowledged()));
    lines.add(line("repeats that gave the first result", audit.repeatedSame(), audit.repeated()));
    for (String kind : List.of("agents", "tasks", "memory")) {
      Audit.Counted counted = counted(kind);
      lines.add(line(kind + " in the session", counted.found(), counted.expected()));
    }
    lines.add(
        "  lost "
            + audit.lost()
            + ", doubled "
            + audit.doubled()
            + ", reordered "
            + audit.reordered()
            + ", calls broken by a worker's death "
            + brokenByWorkerKills());
    failures.forEach(failure -> lines.add("  refused: " + failure));
    lines.add("");
    lines.add(
        isGood()
            ? "Verdict: after "
                + kills.size()
                + " kills, all "
                + audit.acknowledged()
                + " acknowledged operations are there, once, in order."
            : "Verdict: NOT GOOD. Something above is wrong; please report it.");
    return String.join("\n", lines);
  }

  private static String line(String what, long found, long expected) {
    return String.format("  %-36s %d of %d", what, found, expected);
  }

  private Audit.Counted counted(String kind) {
    return audit.counted().getOrDefault(kind, new Audit.Counted(0, -1));
  }

  /// The report for programs.
  public JsonObject json() {
    List<JsonValue> killed = new ArrayList<>();
    for (Kill kill : kills) {
      killed.add(
          JsonObject.builder()
              .put("what", kill.what())
              .put("calls_in_flight", kill.phase().inFlight())
              .put("calls_broken", kill.phase().broken())
              .put("longest_silence_ms", kill.phase().silenceMillis())
              .build());
    }
    var counts = JsonObject.builder();
    for (String kind : List.of("agents", "tasks", "memory")) {
      Audit.Counted counted = counted(kind);
      counts.put(
          kind,
          JsonObject.builder()
              .put("expected", counted.expected())
              .put("found", counted.found())
              .build());
    }
    return JsonObject.builder()
        .put("good", isGood())
        .put("acknowledged", audit.acknowledged())
        .put("receipts_held", audit.receiptsHeld())
        .put("repeated", audit.repeated())
        .put("repeated_same", audit.repeatedSame())
        .put("counts", counts.build())
        .put("lost", audit.lost())
        .put("doubled", audit.doubled())
        .put("reordered", audit.reordered())
        .put("refused", JsonArray.ofStrings(failures))
        .put("kills", new JsonArray(killed))
        .build();
  }
}
