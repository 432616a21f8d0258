package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.clients.WorkerGuarantees;
import dev.planaria.app.tools.WaitingTool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A call outlives its client's connection and the process that runs it, and is done once.
class ResumeTest {
  @TempDir private Path directory;
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private TestWorker worker;
  private String link;

  @BeforeEach
  void start() {
    worker = worker(WorkerGuarantees.ALL);
    link = worker.link("2025-11-25");
  }

  private TestWorker worker(WorkerGuarantees guarantees) {
    return TestWorker.on(
        directory, guarantees, sessions -> List.of(WaitingTool.on(sessions, _ -> gate.await())));
  }

  @AfterEach
  void stop() {
    gate.countDown();
    worker.close();
  }

  private Ask slow(int id, String name) {
    return TestWorker.callOf(link, id, "test_wait", "{\"name\":\"" + name + "\"}");
  }

  private Ask resume(String lastEventId) {
    return Ask.of("GET", "/mcp")
        .over(link)
        .with("Accept", "text/event-stream")
        .with("Last-Event-ID", lastEventId);
  }

  private int agents() {
    String listed = worker.send(Ask.modernCall("agent_list", "{}")).body();
    return listed.split("\"agent_id\"", -1).length - 1;
  }

  private static String idOf(Reply reply) {
    return String.valueOf(reply.events().getFirst().id());
  }

  @Test
  void a_client_that_comes_back_gets_its_answer() throws Exception {
    gate = new CountDownLatch(1);
    MemoryExchange broken = worker.begin(slow(1, "a"));
    String primer = idOf(broken.awaitText("data: \n\n"));
    broken.leave();

    MemoryExchange resumed = worker.begin(resume(primer));
    Reply waiting = resumed.awaitText("data: \n\n");
    assertThat(idOf(waiting)).as("the same id at once").isEqualTo(primer);
    assertThat(waiting.ended()).isFalse();
    gate.countDown();
    Reply whole = resumed.awaitEnd();
    assertThat(whole.at("result/structuredContent/agent/name")).isEqualTo("a");
    assertThat(whole.at("id")).isEqualTo("1");
    assertThat(agents()).isEqualTo(1);
  }

  @Test
  void an_answered_call_can_be_resumed_until_its_last_event() {
    Reply first = worker.send(slow(1, "a"));
    Reply again = worker.send(resume(idOf(first)));
    assertThat(again.events()).isEqualTo(first.events());
    assertThat(worker.send(resume(String.valueOf(first.events().getLast().id()))).status())
        .as("nothing is left: 405 ends the client's attempts")
        .isEqualTo(405);
  }

  @Test
  void what_cannot_be_resumed_is_405_and_never_404() {
    String other = worker.link("2025-11-25");
    String primer = idOf(worker.send(slow(1, "a")));
    for (String id :
        List.of("x", "", "-0", "x-0", "x-1", primer + "0", primer.replace("-0", "-7"), "é-0")) {
      assertThat(worker.send(resume(id)).status()).as(id).isEqualTo(405);
    }
    assertThat(worker.send(resume(primer).instead("Mcp-Session-Id", other)).status())
        .as("a stream of another link")
        .isEqualTo(405);
    assertThat(worker.isServing()).isTrue();
  }

  @Test
  void the_same_request_again_attaches_to_the_running_call() throws Exception {
    gate = new CountDownLatch(1);
    MemoryExchange one = worker.begin(slow(1, "a").stamped("s1"));
    one.awaitText("data: \n\n");
    MemoryExchange two = worker.begin(slow(1, "a").stamped("s2"));
    two.awaitText("data: \n\n");
    gate.countDown();
    assertThat(two.awaitEnd().events()).isEqualTo(one.awaitEnd().events());
    assertThat(worker.send(slow(1, "a")).events()).isEqualTo(one.reply().events());
    assertThat(agents()).isEqualTo(1);
  }

  @Test
  void an_id_in_use_is_refused_for_another_request_and_free_after_the_answer() throws Exception {
    gate = new CountDownLatch(1);
    MemoryExchange running = worker.begin(slow(1, "a"));
    running.awaitText("data: \n\n");
    Reply refused = worker.send(slow(1, "b"));
    assertThat(refused.at("error/code")).isEqualTo("-32600");
    assertThat(refused.status()).isEqualTo(400);
    gate.countDown();
    running.awaitEnd();
    assertThat(worker.send(slow(1, "b")).at("result/structuredContent/agent/name")).isEqualTo("b");
    assertThat(agents()).isEqualTo(2);
  }

  @Test
  void two_clients_that_both_use_id_1_never_meet() {
    String other = worker.link("2025-11-25");
    Ask mine = slow(1, "same");
    Reply one = worker.send(mine);
    Reply two = worker.send(mine.instead("Mcp-Session-Id", other));
    assertThat(one.at("result/structuredContent/agent/agent_id"))
        .isNotEqualTo(two.at("result/structuredContent/agent/agent_id"));
    assertThat(agents()).isEqualTo(2);
  }

  @Test
  void a_cancellation_is_tolerated_and_the_call_goes_on() throws Exception {
    gate = new CountDownLatch(1);
    MemoryExchange running = worker.begin(slow(1, "a"));
    running.awaitText("data: \n\n");
    Ask cancel =
        Ask.post(
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\","
                + "\"params\":{\"requestId\":1}}");
    assertThat(worker.send(cancel.over(link)).status()).isEqualTo(202);
    gate.countDown();
    assertThat(running.awaitEnd().at("result/isError")).isEqualTo("false");
    assertThat(worker.send(cancel.over(link)).status()).as("after the answer").isEqualTo(202);
  }

  @Test
  void a_call_goes_on_in_the_next_process_and_is_done_once() throws Exception {
    gate = new CountDownLatch(1);
    MemoryExchange running = worker.begin(slow(1, "a"));
    String primer = idOf(running.awaitText("data: \n\n"));
    awaitAgents(1);
    worker.restart();
    MemoryExchange resumed = worker.begin(resume(primer));
    resumed.awaitText("data: \n\n");
    gate.countDown();
    Reply whole = resumed.awaitEnd();
    assertThat(whole.at("result/structuredContent/agent/name")).isEqualTo("a");
    assertThat(agents()).isEqualTo(1);
    worker.restart();
    assertThat(worker.send(resume(primer)).events()).isEqualTo(whole.events());
    assertThat(worker.send(slow(1, "a")).events()).as("asked again").isEqualTo(whole.events());
  }

  private void awaitAgents(int count) {
    for (int tries = 0; agents() < count && tries < 10_000; tries++) {
      Thread.onSpinWait();
    }
    assertThat(agents()).isEqualTo(count);
  }

  @Test
  void a_stream_that_the_front_carries_on_continues_where_its_client_is() {
    Ask ask = slow(1, "a").stamped("s");
    Reply first = worker.send(ask);
    Ask again = ask.with("Planaria-Resend", "1").with("Planaria-Head-Sent", "1");
    assertThat(worker.send(again).events()).as("no event had arrived").isEqualTo(first.events());
    assertThat(worker.send(again.with("Planaria-Last-Event-Id", idOf(first))).events())
        .as("the primer had")
        .isEqualTo(first.events().subList(1, 2));
    Reply complete =
        worker.send(
            again.with("Planaria-Last-Event-Id", String.valueOf(first.events().getLast().id())));
    assertThat(complete.events()).as("everything had").isEmpty();
    assertThat(complete.ended()).isTrue();
    Ask carriedGet =
        resume(idOf(first)).with("Planaria-Resend", "1").with("Planaria-Head-Sent", "1");
    Reply ended =
        worker.send(
            carriedGet.with(
                "Planaria-Last-Event-Id", String.valueOf(first.events().getLast().id())));
    assertThat(ended.status()).as("a resumed stream, too").isEqualTo(200);
    assertThat(ended.events()).isEmpty();
    assertThat(agents()).isEqualTo(1);
  }

  @Test
  void a_request_that_is_carried_twice_runs_once_even_without_an_operation_id() {
    Ask modern = Ask.modernCall("agent_spawn", "{\"type\":\"x\"}").stamped("stamp-1");
    Reply one = worker.send(modern);
    Reply two = worker.send(modern.with("Planaria-Resend", "1"));
    assertThat(two.at("result/structuredContent")).isEqualTo(one.at("result/structuredContent"));
    assertThat(two.message().has("result")).isTrue();
    assertThat(agents()).isEqualTo(1);
    worker.send(Ask.modernCall("agent_spawn", "{\"type\":\"x\"}").stamped("stamp-2"));
    assertThat(agents()).as("another request").isEqualTo(2);
  }

  @Test
  void a_worker_that_ignores_the_stamp_is_caught() {
    worker.close();
    worker = worker(new WorkerGuarantees(false, true, true, true));
    Ask modern = Ask.modernCall("agent_spawn", "{\"type\":\"x\"}").stamped("stamp-1");
    worker.send(modern);
    worker.send(modern.with("Planaria-Resend", "1"));
    assertThat(agents()).isEqualTo(2);
  }

  @Test
  void a_call_is_recorded_before_its_client_hears_of_it() throws Exception {
    assertThat(recordedWhenThePrimerArrives()).isTrue();
    worker.close();
    worker = worker(new WorkerGuarantees(true, false, true, true));
    assertThat(recordedWhenThePrimerArrives()).as("a worker without that promise").isFalse();
  }

  private boolean recordedWhenThePrimerArrives() throws Exception {
    Path inflight = directory.resolve("inflight");
    long before = Files.size(inflight);
    var atPrimer = new AtomicLong();
    var exchange =
        new MemoryExchange(slow((int) before, "a"))
            .whenFirstBytesArrive(() -> atPrimer.set(size(inflight)));
    worker.begin(exchange).awaitEnd();
    return atPrimer.get() > before;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_worker_that_does_not_prime_a_resumed_stream_is_caught() {
    worker.close();
    worker = worker(new WorkerGuarantees(true, true, false, true));
    Reply first = worker.send(slow(1, "a"));
    assertThat(worker.send(resume(idOf(first))).events()).hasSize(1);
  }

  @Test
  void a_standalone_stream_stays_open_and_is_bounded() throws Exception {
    Ask listen = Ask.of("GET", "/mcp").over(link).with("Accept", "text/event-stream");
    MemoryExchange one = worker.begin(listen);
    assertThat(one.awaitText(": keep-alive").events().getFirst().retryMillis()).isEqualTo("3000");
    MemoryExchange two = worker.begin(listen.with("Last-Event-ID", "listen-0"));
    two.awaitText(": keep-alive");
    assertThat(worker.send(listen).status()).isEqualTo(409);
    assertThat(worker.isServing()).isTrue();
    worker.send(Ask.of("DELETE", "/mcp").over(link));
    assertThat(one.awaitEnd().ended()).as("ends with its link").isTrue();
    assertThat(two.awaitEnd().ended()).isTrue();
  }

  @Test
  void an_older_client_asks_again_and_gets_the_first_answer() {
    link = worker.link("2025-06-18");
    Reply first = worker.send(slow(1, "a"));
    Reply again = worker.send(slow(1, "a"));
    assertThat(first.streaming()).isFalse();
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(agents()).isEqualTo(1);
  }
}
