package dev.planaria.app.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.Ask;
import dev.planaria.app.gateway.Reply;
import dev.planaria.app.gateway.TestWorker;
import dev.planaria.chaos.report.ChaosReport;
import dev.planaria.chaos.report.Machine;
import dev.planaria.chaos.report.ReportJson;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.session.EngineSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What pages ask the API for: everything bounded, everything searched by the daemon.
class PagesTest extends OnWorker {
  private Reply get(String path) {
    return worker.send(Ask.of("GET", "/api/v1/" + path));
  }

  private Reply found(String path) {
    Reply reply = get(path);
    assertThat(reply.status()).as(path + ": " + reply.body()).isEqualTo(200);
    return reply;
  }

  private Reply tool(String name, String arguments) {
    Reply reply = worker.send(Ask.modernCall(name, arguments));
    assertThat(reply.at("result/isError")).as(reply.body()).isEqualTo("false");
    return reply;
  }

  private void open(String name) {
    tool("session_open", "{\"name\":\"" + name + "\"}");
    worker.pass(10);
  }

  private void remember(String key, String json) {
    tool(
        "memory_store",
        "{\"session_id\":\"alpha\",\"key\":\"" + key + "\",\"value\":" + json + "}");
  }

  private static void refused(Reply reply, String words) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.body()).contains("INVALID_ARGUMENT", words);
  }

  @Test
  void sessions_are_searched_sorted_and_paged_by_the_daemon() {
    for (int i = 0; i < 25; i++) {
      open((i % 2 == 0 ? "Even-" : "odd-") + i);
    }
    assertThat(found("search").at("total")).isEqualTo("25");
    assertThat(found("search").at("sessions/0/name")).isEqualTo("Even-24");
    Reply even = found("search?q=EVEN&sort=name&order=ascending&limit=3&offset=3");
    assertThat(even.at("matching")).isEqualTo("13");
    assertThat(even.at("sessions/0/name")).isEqualTo("Even-14");
    assertThat(even.at("sessions/3/name")).isEqualTo("(none)");
    assertThat(even.at("by_status/active")).isEqualTo("13");
    assertThat(found("search?status=quarantined").at("matching")).isEqualTo("0");
    String id = even.at("sessions/0/session_id");
    assertThat(found("search?q=" + id).at("sessions/0/name")).isEqualTo("Even-14");
    assertThat(found("search?q=%C3%A4%20+x").at("matching")).isEqualTo("0");
    assertThat(found("search?offset=2147483647").at("sessions/0")).isEqualTo("(none)");
  }

  @Test
  void a_query_that_breaks_a_rule_is_refused_by_name() {
    open("alpha");
    refused(get("search?limit=201"), "`limit` must be a whole number from 1 to 200");
    refused(get("search?limit=0"), "limit");
    refused(get("search?limit=ten"), "limit");
    refused(get("search?offset=-1"), "offset");
    refused(get("search?offset=99999999999"), "offset");
    refused(get("search?sort=age"), "`sort` must be one of created, name, seq, status");
    refused(get("search?order=up"), "order");
    refused(get("search?colour=red"), "query");
    refused(get("search?q=a&q=b"), "must not be given twice");
    refused(get("search?q=%zz"), "percent-encoding");
    refused(get("search?q=" + "a".repeat(257)), "256");
    refused(get("search?" + "q&".repeat(20)), "at most 16");
    refused(get("sessions/alpha/timeline?before=0"), "before");
    refused(get("sessions/alpha/preview"), "seq");
    refused(get("sessions/alpha/preview?seq=1&checkpoint_id=x"), "not both");
    refused(get("sessions/alpha/preview?checkpoint_id=x"), "one of the session's checkpoints");
    assertThat(get("sessions/alpha/preview?seq=99").status()).isEqualTo(404);
    for (String nowhere :
        List.of(
            "sessions/no/page",
            "sessions/no/timeline",
            "chaos/no",
            "chaos/../x",
            "chaos/no/0",
            "sessions/planaria.links/page",
            "sessions/%ff/page",
            "nothing")) {
      assertThat(get(nowhere).status()).as(nowhere).isEqualTo(404);
    }
    assertThat(worker.isServing()).isTrue();
  }

  @Test
  void a_session_is_shown_with_long_values_cut() {
    open("alpha");
    remember("long", "\"" + "x".repeat(100_000) + "\"");
    remember("halved", "\"" + "x".repeat(599) + "\\ud83d\\ude00" + "y".repeat(50) + "\"");
    remember("wide", "[" + "1,".repeat(5_000) + "1]");
    remember("deep", "[".repeat(20) + "]".repeat(20));
    Reply page = found("sessions/alpha/page");
    assertThat(page.body().length()).isLessThan(10_000);
    assertThat(page.body())
        .contains("(99400 more characters)", "(4961 more)", "\"bytes\":100002", "\"receipt\"");
    Reply timeline = found("sessions/alpha/timeline?limit=3");
    assertThat(timeline.body().length()).isLessThan(10_000);
    assertThat(timeline.at("entries/0/seq")).isEqualTo("5");
    assertThat(timeline.at("before")).isEqualTo("3");
    Reply older = found("sessions/alpha/timeline?limit=3&before=3");
    assertThat(older.at("entries/0/seq")).isEqualTo("2");
    assertThat(older.at("entries/1/type")).isEqualTo("session_opened");
    assertThat(older.at("before")).isEqualTo("0");
    assertThat(found("sessions/alpha/timeline?before=1").at("entries/0")).isEqualTo("(none)");
  }

  @Test
  void a_page_holds_a_part_of_what_a_session_holds() {
    open("alpha");
    for (int i = 0; i < 320; i++) {
      remember("k" + (1_000 + i), "1");
    }
    Reply page = found("sessions/alpha/page");
    assertThat(page.at("counts/memory")).isEqualTo("320");
    assertThat(page.at("memory/299/key")).isEqualTo("k1319");
    assertThat(page.at("memory/300")).isEqualTo("(none)");
  }

  @Test
  void what_a_restore_would_drop_is_said_before() {
    open("alpha");
    remember("one", "1");
    Reply taken =
        worker.send(Ask.post("{\"label\":\"one\"}").to("/api/v1/sessions/alpha/checkpoint"));
    assertThat(taken.at("seq")).as(taken.body()).isEqualTo("2");
    remember("two", "2");
    remember("three", "3");
    String id = taken.at("checkpoint_id");
    Reply preview = found("sessions/alpha/preview?checkpoint_id=" + id);
    assertThat(preview.at("operations_after")).isEqualTo("2");
    assertThat(preview.at("now/memory")).isEqualTo("3");
    assertThat(preview.at("then/memory")).isEqualTo("1");
    Reply restored =
        worker.send(
            Ask.post("{\"checkpoint_id\":\"" + id + "\"}").to("/api/v1/sessions/alpha/restore"));
    assertThat(restored.at("dropped")).isEqualTo("2");
    Reply bad = worker.send(Ask.post("{\"x\":1}").to("/api/v1/sessions/alpha/checkpoint"));
    refused(bad, "x");
    assertThat(worker.send(Ask.post("{}").to("/api/v1/sessions/no/checkpoint")).status())
        .isEqualTo(404);
  }

  private void bring(String session, String server) {
    Reply brought =
        worker.send(
            Ask.post("{\"command\":\"false\"}")
                .to("/api/v1/upstreams/" + session + "/" + Stage.encoded(server)));
    assertThat(brought.status()).as(brought.body()).isEqualTo(200);
    worker.use(session, server);
  }

  private String resident(String session) {
    return found("search?q=" + session).at("sessions/0/resident");
  }

  @Test
  void looking_at_queues_and_figures_wakes_no_session_that_is_on_disk() {
    worker.close();
    worker = TestWorker.on(directory, EngineSettings.DEFAULT.withResidentSessions(1));
    open("alpha");
    bring("alpha", "one");
    open("beta");
    bring("beta", "two");
    worker.pass(600_000);
    open("beta");
    worker.tick();
    assertThat(resident("alpha")).isEqualTo("false");
    for (String path : List.of("queues", "overview", "upstreams")) {
      found(path);
      worker.pass(5_000);
      worker.look();
      assertThat(resident("alpha")).as(path).isEqualTo("false");
    }
    Reply queues = found("queues");
    assertThat(queues.at("total")).isEqualTo("2");
    assertThat(queues.at("queues/0/id")).isEqualTo("one");
    assertThat(queues.at("queues/0/on_disk")).isEqualTo("true");
    assertThat(queues.at("queues/1/on_disk")).isEqualTo("false");
    // The negative control: asking for what only memory holds does wake it.
    found("sessions/alpha/page");
    assertThat(resident("alpha")).isEqualTo("true");
  }

  @Test
  void queues_are_bounded_and_say_how_many_are_left_out() {
    for (int session = 0; session < 5; session++) {
      open("s" + session);
      for (int server = 0; server < 41; server++) {
        bring("s" + session, "server-" + server);
      }
    }
    Reply queues = found("queues");
    assertThat(queues.at("total")).isEqualTo("205");
    assertThat(queues.at("more")).isEqualTo("5");
    assertThat(queues.at("queues/199/id")).startsWith("server-");
    assertThat(queues.at("queues/200")).isEqualTo("(none)");
  }

  @Test
  void an_action_that_is_asked_for_again_under_its_name_is_done_once() {
    open("alpha");
    Ask fork = Ask.post("{\"operation_id\":\"page-1\"}").to("/api/v1/sessions/alpha/fork");
    String first = worker.send(fork).at("session_id");
    assertThat(worker.send(fork).at("session_id")).isEqualTo(first);
    // The front sends a request again under the same stamp when a worker dies under it.
    Ask stamped = Ask.post("{}").to("/api/v1/sessions/alpha/fork").stamped("stamp-1");
    String second = worker.send(stamped).at("session_id");
    worker.restart();
    assertThat(worker.send(stamped).at("session_id")).isEqualTo(second).isNotEqualTo(first);
    assertThat(found("search").at("total")).isEqualTo("3");
    // The negative control: without a name it is another fork.
    worker.send(Ask.post("{}").to("/api/v1/sessions/alpha/fork"));
    assertThat(found("search").at("total")).isEqualTo("4");
    Ask checkpoint = Ask.post("{\"label\":\"x\"}").to("/api/v1/sessions/alpha/checkpoint");
    String taken = worker.send(checkpoint).at("checkpoint_id");
    assertThat(worker.send(checkpoint).at("checkpoint_id")).isEqualTo(taken);
    remember("more", "1");
    assertThat(worker.send(checkpoint).at("checkpoint_id")).isNotEqualTo(taken);
  }

  @Test
  void a_server_may_have_any_name_but_those_that_addresses_lose() {
    open("alpha");
    for (String name : List.of("@scope/server", "a%2Fb", "50 %", "é;?#&+", "...")) {
      bring("alpha", name);
    }
    for (String name : List.of(".", "..")) {
      Ask ask = Ask.post("{\"command\":\"false\"}").to("/api/v1/upstreams/alpha/" + name);
      refused(worker.send(ask), "server");
    }
    assertThat(found("queues").at("total")).isEqualTo("5");
  }

  @Test
  void the_overview_counts() {
    open("alpha");
    open("beta");
    Reply overview = found("overview");
    assertThat(overview.at("sessions")).isEqualTo("2");
    assertThat(overview.at("sessions_by_status/active")).isEqualTo("2");
    assertThat(overview.at("queued")).isEqualTo("0");
    assertThat(found("queues").at("queues/0")).isEqualTo("(none)");
    assertThat(found("recovery-records").at("records/0")).isEqualTo("(none)");
  }

  @Test
  void recoveries_are_read_a_page_at_a_time_newest_first_and_it_is_said_that_there_are_more() {
    for (int i = 0; i < 12; i++) {
      open("s" + i);
      tool("recovery_trigger", "{\"session_id\":\"s" + i + "\"}");
      worker.pass(1_000);
    }
    var seen = new ArrayList<String>();
    String before = "";
    for (int page = 0; page < 3; page++) {
      Reply reply = found("recovery-records?limit=5" + before);
      for (int i = 0; !reply.at("records/" + i).equals("(none)"); i++) {
        seen.add(reply.at("records/" + i + "/session_name"));
      }
      assertThat(reply.at("more")).isEqualTo(page < 2 ? "true" : "false");
      before = "&before=" + reply.at("next");
    }
    assertThat(seen).isEqualTo(IntStream.range(0, 12).mapToObj(i -> "s" + (11 - i)).toList());
    assertThat(found("recovery-records").at("records/11/session_name")).isEqualTo("s0");
    refused(get("recovery-records?before=yesterday"), "before");
    refused(get("recovery-records?limit=301"), "limit");
  }

  @Test
  void reports_of_the_chaos_kit_are_listed_and_a_damaged_one_is_named() throws IOException {
    assertThat(found("chaos").at("reports/0")).isEqualTo("(none)");
    var header =
        new ChaosReport.Header(
            "<b>night</b>", null, 1_700_000_000_000L, 5, "v", Machine.here(), List.of());
    String json = Json.write(ReportJson.toJson(new ChaosReport(header, List.of(), List.of())));
    Path good = Files.createDirectories(directory.resolve("chaos/good"));
    Files.writeString(good.resolve("report.json"), json);
    Path bad = Files.createDirectories(directory.resolve("chaos/bad"));
    Files.writeString(bad.resolve("report.json"), "{");
    Files.createDirectories(directory.resolve("chaos/empty"));
    Reply list = found("chaos");
    assertThat(list.body()).contains("<b>night</b>", "cannot be read", "proved_nothing");
    assertThat(found("chaos/good").at("title")).isEqualTo("<b>night</b>");
    refused(get("chaos/bad"), "cannot be read");
    assertThat(get("chaos/empty").status()).isEqualTo(404);
    assertThat(get("chaos/good/0").status()).isEqualTo(404);
    assertThat(get("chaos/good/x").status()).isEqualTo(404);
  }
}
