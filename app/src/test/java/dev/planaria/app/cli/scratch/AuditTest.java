package dev.planaria.app.cli.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.planaria.app.cli.scratch.Ledger.Acknowledged;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The demo's audit, against a daemon that keeps its promises and against ones that break one each:
/// a verdict that cannot turn bad is worth nothing.
class AuditTest {

  private HttpServer server;

  private final Map<Long, String> standings = new HashMap<>();
  private final Map<String, Long> seqs = new HashMap<>();
  private final Map<String, Long> counts = new HashMap<>();

  @BeforeEach
  void start_a_daemon_that_keeps_its_promises() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/mcp", this::answer);
    server.start();
    for (Acknowledged entry : ledger()) {
      standings.put(entry.seq(), "held");
      seqs.put(entry.operationId(), entry.seq());
    }
    counts.putAll(Map.of("agents", 1L, "tasks", 2L, "memory", 1L));
  }

  @AfterEach
  void stop_it() {
    server.stop(0);
  }

  @Test
  void a_daemon_that_keeps_its_promises_is_good() throws IOException {
    Audit audit = audit(ledger());
    assertThat(audit.lost()).isZero();
    assertThat(audit.doubled()).isZero();
    assertThat(audit.reordered()).isZero();
    assertThat(audit.receiptsHeld()).isEqualTo(4);
    assertThat(new DemoReport(audit, List.of(), List.of()).isGood()).isTrue();
  }

  @Test
  void a_receipt_that_is_no_longer_held_is_a_loss() throws IOException {
    standings.put(4L, "behind");
    assertBad(audit(ledger()), 1, 0, 0);
  }

  @Test
  void a_session_that_holds_less_than_was_acknowledged_is_a_loss() throws IOException {
    counts.put("tasks", 1L);
    assertBad(audit(ledger()), 1, 0, 0);
  }

  @Test
  void a_session_that_holds_more_than_was_acknowledged_has_doubled_something() throws IOException {
    counts.put("memory", 2L);
    assertBad(audit(ledger()), 0, 1, 0);
  }

  @Test
  void a_repeat_that_is_done_anew_has_doubled_something() throws IOException {
    seqs.put("b", 99L);
    assertBad(audit(ledger()), 0, 1, 0);
  }

  @Test
  void a_caller_whose_later_operation_has_a_smaller_seq_sees_another_order() throws IOException {
    var ledger = ledger();
    assertBad(audit(List.of(ledger.get(1), ledger.get(0), ledger.get(2), ledger.get(3))), 0, 0, 1);
  }

  @Test
  void a_call_that_a_workers_death_broke_is_not_good() throws IOException {
    var broken = new DemoReport.Kill("worker", new Ledger.Phase(8, 1, 500));
    var allowed = new DemoReport.Kill("front and worker", new Ledger.Phase(8, 8, 500));
    Audit audit = audit(ledger());
    assertThat(new DemoReport(audit, List.of(broken), List.of()).isGood()).isFalse();
    assertThat(new DemoReport(audit, List.of(allowed), List.of()).isGood()).isTrue();
    assertThat(new DemoReport(audit, List.of(), List.of("refused")).isGood()).isFalse();
  }

  private static void assertBad(Audit audit, int lost, int doubled, int reordered) {
    assertThat(audit.lost()).isEqualTo(lost);
    assertThat(audit.doubled()).isEqualTo(doubled);
    assertThat(audit.reordered()).isEqualTo(reordered);
    var report = new DemoReport(audit, List.of(), List.of());
    assertThat(report.isGood()).isFalse();
    assertThat(report.text()).contains("NOT GOOD");
  }

  private Audit audit(List<Acknowledged> ledger) throws IOException {
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    return Audit.of(ledger, McpClient.connect(url, "token"), "s");
  }

  private static List<Acknowledged> ledger() {
    return List.of(
        entry("a", "agent_spawn", 2),
        entry("b", "task_create", 3),
        entry("c", "task_create", 4),
        entry("d", "memory_store", 5));
  }

  private static Acknowledged entry(String operationId, String tool, long seq) {
    var arguments = JsonObject.builder().put("operation_id", operationId).build();
    return new Acknowledged(0, operationId, tool, arguments, receipt(seq), seq);
  }

  private static JsonObject receipt(long seq) {
    return JsonObject.builder().put("session_id", "s").put("seq", seq).build();
  }

  /// A daemon in miniature: answers from the tables above.
  private void answer(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    JsonObject message = Json.parseObject(body, JsonLimits.DEFAULT);
    exchange.getResponseHeaders().add("Mcp-Session-Id", "link");
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    if (!message.has("id")) {
      exchange.sendResponseHeaders(202, -1);
    } else {
      byte[] answer =
          Json.writeBytes(
              JsonObject.builder()
                  .put("jsonrpc", "2.0")
                  .put("id", message.get("id"))
                  .put("result", result(message))
                  .build());
      exchange.sendResponseHeaders(200, answer.length);
      exchange.getResponseBody().write(answer);
    }
    exchange.close();
  }

  private JsonObject result(JsonObject message) {
    JsonObject params = member(message, "params");
    JsonObject arguments = member(params, "arguments");
    JsonObject content =
        new JsonString("session_status").equals(params.get("name"))
            ? status(arguments)
            : repeat(arguments);
    return JsonObject.builder().put("structuredContent", content).build();
  }

  private JsonObject status(JsonObject arguments) {
    var found = JsonObject.builder();
    counts.forEach(found::put);
    long seq = Crew.seq(member(arguments, "receipt"));
    return JsonObject.builder()
        .put("counts", found.build())
        .put("receipt_standing", standings.get(seq))
        .build();
  }

  private JsonObject repeat(JsonObject arguments) {
    String id = arguments.get("operation_id") instanceof JsonString(var text) ? text : "";
    return JsonObject.builder().put("receipt", receipt(seqs.getOrDefault(id, 0L))).build();
  }

  private static JsonObject member(JsonObject object, String name) {
    return object.get(name) instanceof JsonObject member ? member : JsonObject.EMPTY;
  }
}
