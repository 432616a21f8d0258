package dev.planaria.app.clients.check;

import dev.planaria.app.clients.ledger.CallLife;
import dev.planaria.app.clients.ledger.ClientEvent;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// Asks the running daemon for what a ledger says, as any client could: whether receipts are held,
/// and what counters are. [StoreCheck] looks at everything; this at a sample, since it is slower.
public final class ToolCheck {

  private static final int RECEIPTS = 100;

  private ToolCheck() {}

  /// Asks for a sample of the receipts and for every counter.
  ///
  /// @param seed chooses the receipts
  public static Verdict run(ToolClient daemon, List<CallLife> calls, long seed)
      throws IOException, InterruptedException {
    var findings = new Verdict.Findings();
    var acknowledged = new ArrayList<>(calls.stream().filter(CallLife::kept).toList());
    Collections.shuffle(acknowledged, new Random(seed));
    for (CallLife call : acknowledged.subList(0, Math.min(RECEIPTS, acknowledged.size()))) {
      receipt(daemon, call, findings);
    }
    var counters = new HashMap<String, CallLife>();
    for (CallLife call : calls) {
      if (call.sent().value() != null && call.kept()) {
        counters.put(call.sent().session() + call.sent().key(), call);
      }
    }
    for (Map.Entry<String, CallLife> counter : counters.entrySet()) {
      counter(daemon, counter.getValue(), findings);
    }
    return findings.verdict();
  }

  private static void receipt(ToolClient daemon, CallLife call, Verdict.Findings findings)
      throws IOException, InterruptedException {
    ClientEvent.Acknowledged acknowledged = Objects.requireNonNull(call.acknowledged());
    JsonObject receipt =
        JsonObject.builder()
            .put("session_id", acknowledged.receipt().sessionId().toString())
            .put("seq", acknowledged.receipt().seq())
            .put("hash", acknowledged.receipt().hash().toString())
            .build();
    JsonObject status =
        daemon.call(
            "session_status",
            JsonObject.builder()
                .put("session_id", call.sent().session())
                .put("receipt", receipt)
                .build());
    if (!new JsonString("held").equals(status.get("receipt_standing"))) {
      findings.add(
          Violation.Kind.LOST,
          call.name() + ": session_status says " + status.get("receipt_standing"));
    }
  }

  private static void counter(ToolClient daemon, CallLife last, Verdict.Findings findings)
      throws IOException, InterruptedException {
    JsonObject entry =
        daemon.call(
            "memory_retrieve",
            JsonObject.builder()
                .put("session_id", last.sent().session())
                .put("namespace", "ledger")
                .put("key", last.sent().key())
                .build());
    var expected = JsonNumber.of(Objects.requireNonNull(last.sent().value()));
    if (!expected.equals(entry.get("value"))) {
      findings.add(
          Violation.Kind.LOST,
          last.name() + ": set to " + expected.text() + ", memory_retrieve says " + entry);
    }
  }
}
