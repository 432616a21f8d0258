package dev.planaria.app.clients.check;

import dev.planaria.app.clients.ledger.CallLife;
import dev.planaria.chaos.client.McpClient;
import dev.planaria.chaos.ledger.Mark;
import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.journal.Receipt;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// Asks the running daemon for what a ledger says, as any client could: whether receipts are held,
/// and what counters are. [ClientCheck] looks at everything; this at a sample, since it is slower.
public final class ToolCheck {

  private static final int RECEIPTS = 100;

  /// @param session where it is kept
  /// @param key under which name
  private record Counter(SessionId session, MemoryKey key) {}

  private ToolCheck() {}

  /// Asks for a sample of the receipts and for every counter.
  ///
  /// @param seed chooses the receipts
  public static List<Violation> run(McpClient daemon, List<CallLife> calls, long seed)
      throws IOException, InterruptedException {
    var violations = new ArrayList<Violation>();
    var kept = new ArrayList<>(calls.stream().filter(CallLife::kept).toList());
    var counters = new HashMap<Counter, Long>();
    for (CallLife call : kept) {
      if (call.line().ask().mark() instanceof Mark.Counted(MemoryKey key, long value)) {
        counters.put(new Counter(call.line().ask().session(), key), value);
      }
    }
    Collections.shuffle(kept, new Random(seed));
    for (CallLife call : kept.subList(0, Math.min(RECEIPTS, kept.size()))) {
      receipt(daemon, call, violations);
    }
    for (Map.Entry<Counter, Long> counter : counters.entrySet()) {
      counter(daemon, counter.getKey(), counter.getValue(), violations);
    }
    return violations;
  }

  private static void receipt(McpClient daemon, CallLife call, List<Violation> violations)
      throws IOException, InterruptedException {
    Receipt receipt = Objects.requireNonNull(call.acknowledged()).receipt();
    JsonObject status =
        daemon.call(
            "session_status",
            JsonObject.builder()
                .put("session_id", call.line().ask().session().toString())
                .put(
                    "receipt",
                    JsonObject.builder()
                        .put("session_id", receipt.sessionId().toString())
                        .put("seq", receipt.seq())
                        .put("hash", receipt.hash().toString())
                        .build())
                .build());
    if (!new JsonString("held").equals(status.get("receipt_standing"))) {
      violations.add(
          new Violation(
              Violation.Kind.LOST,
              call.name() + ": session_status says " + status.get("receipt_standing")));
    }
  }

  private static void counter(
      McpClient daemon, Counter counter, long last, List<Violation> violations)
      throws IOException, InterruptedException {
    JsonObject entry =
        daemon.call(
            "memory_retrieve",
            JsonObject.builder()
                .put("session_id", counter.session().toString())
                .put("namespace", counter.key().namespace())
                .put("key", counter.key().key())
                .build());
    if (!JsonNumber.of(last).equals(entry.get("value"))) {
      violations.add(
          new Violation(
              Violation.Kind.LOST,
              counter + ": set to " + last + ", memory_retrieve says " + entry));
    }
  }
}
