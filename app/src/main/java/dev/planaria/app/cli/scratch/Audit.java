package dev.planaria.app.cli.scratch;

import dev.planaria.app.cli.scratch.Ledger.Acknowledged;
import dev.planaria.app.cli.scratch.McpClient.ToolFailed;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Holds the callers' ledger against what the daemon now says: every figure is read back.
///
/// @param acknowledged how many operations were acknowledged
/// @param receiptsHeld how many of their receipts the session still holds
/// @param repeated how many calls were made again under their operation id
/// @param repeatedSame how many of these gave the first receipt again
/// @param counted what the session should hold, and what it holds, by kind
/// @param reordered how often a caller's later operation has a smaller seq than its earlier one
/// @param sharedSeqs how many acknowledgements carry a seq that another one carries too
record Audit(
    int acknowledged,
    int receiptsHeld,
    int repeated,
    int repeatedSame,
    Map<String, Counted> counted,
    int reordered,
    int sharedSeqs) {

  /// Each takes a call; this many show what is to be shown.
  private static final int MOST_REPEATED = 200;

  /// How many there should be, and how many there are.
  record Counted(long expected, long found) {}

  /// Acknowledged operations that the session no longer holds.
  int lost() {
    long missing =
        counted.values().stream().mapToLong(c -> Math.max(0, c.expected() - c.found())).sum();
    return (int) Math.max(acknowledged - receiptsHeld, missing);
  }

  /// Operations that happened more often than they were asked for.
  int doubled() {
    long extra =
        counted.values().stream().mapToLong(c -> Math.max(0, c.found() - c.expected())).sum();
    return (int) Math.max(repeated - repeatedSame, extra) + sharedSeqs;
  }

  /// Asks the daemon about everything in the ledger.
  static Audit of(List<Acknowledged> ledger, McpClient client, String session) throws IOException {
    int held = 0;
    for (Acknowledged entry : ledger) {
      held += isHeld(entry, client, session) ? 1 : 0;
    }
    // Counted before anything is repeated, or a repeat that is done anew would hide a loss.
    Map<String, Counted> counted = counted(ledger, client, session);
    int step = Math.max(1, ledger.size() / MOST_REPEATED);
    int repeated = 0;
    int same = 0;
    for (int i = 0; i < ledger.size(); i += step) {
      repeated++;
      same += isSameAgain(ledger.get(i), client) ? 1 : 0;
    }
    return new Audit(
        ledger.size(), held, repeated, same, counted, reordered(ledger), sharedSeqs(ledger));
  }

  private static boolean isHeld(Acknowledged entry, McpClient client, String session)
      throws IOException {
    JsonObject status =
        client.call(
            "session_status",
            JsonObject.builder()
                .put("session_id", session)
                .put("receipt", entry.receipt())
                .build());
    return status.get("receipt_standing") instanceof JsonString(var standing)
        && standing.equals("held");
  }

  private static boolean isSameAgain(Acknowledged entry, McpClient client) throws IOException {
    try {
      JsonObject again = client.call(entry.tool(), entry.arguments());
      return entry.receipt().equals(Crew.receipt(entry.tool(), again));
    } catch (ToolFailed refused) {
      // The first time it was acknowledged, so a refusal is not the first result.
      return false;
    }
  }

  private static Map<String, Counted> counted(
      List<Acknowledged> ledger, McpClient client, String session) throws IOException {
    JsonObject status =
        client.call("session_status", JsonObject.builder().put("session_id", session).build());
    JsonObject counts = status.get("counts") instanceof JsonObject found ? found : JsonObject.EMPTY;
    Map<String, Counted> counted = new HashMap<>();
    Map.of("agents", "agent_spawn", "tasks", "task_create", "memory", "memory_store")
        .forEach((kind, tool) ->
            counted.put(
                kind,
                new Counted(
                    ledger.stream().filter(entry -> entry.tool().equals(tool)).count(),
                    number(counts, kind))));
    return counted;
  }

  private static int reordered(List<Acknowledged> ledger) {
    Map<Integer, Long> last = new HashMap<>();
    int wrong = 0;
    for (Acknowledged entry : ledger) {
      Long before = last.put(entry.caller(), entry.seq());
      wrong += before != null && before >= entry.seq() ? 1 : 0;
    }
    return wrong;
  }

  private static int sharedSeqs(List<Acknowledged> ledger) {
    Set<Long> seqs = new HashSet<>();
    ledger.forEach(entry -> seqs.add(entry.seq()));
    return ledger.size() - seqs.size();
  }

  private static long number(JsonObject object, String name) {
    return object.get(name) instanceof JsonNumber(var digits) ? Long.parseLong(digits) : -1;
  }
}
