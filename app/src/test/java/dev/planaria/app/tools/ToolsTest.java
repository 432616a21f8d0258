package dev.planaria.app.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What each tool does, seen by a caller.
class ToolsTest {
  @TempDir private Path directory;
  private ToolBench bench;

  @BeforeEach
  void start() {
    bench = new ToolBench(directory);
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void every_tool_of_the_design_is_there_and_describes_itself() {
    List<String> names =
        List.of(
            "session_open",
            "session_list",
            "session_status",
            "session_health",
            "session_checkpoint",
            "session_restore",
            "session_fork",
            "session_close",
            "swarm_init",
            "swarm_status",
            "agent_spawn",
            "agent_list",
            "agent_update",
            "agent_heartbeat",
            "agent_retire",
            "task_create",
            "task_orchestrate",
            "task_claim",
            "task_update",
            "task_complete",
            "task_fail",
            "task_get",
            "task_list",
            "memory_store",
            "memory_retrieve",
            "memory_list",
            "memory_search",
            "memory_delete",
            "recovery_status",
            "recovery_history",
            "recovery_trigger",
            "operation_status");
    List<JsonValue> listed = bench.tools().list().items();
    assertThat(listed).hasSize(names.size());
    for (String name : names) {
      Tool tool = bench.tools().find(name).orElseThrow();
      assertThat(tool.title()).isNotBlank();
      assertThat(tool.description()).isNotBlank();
      assertEachMemberIsDescribed(name, tool.signature().input());
      assertEachMemberIsDescribed(name, tool.signature().output());
      boolean takesOperationId = properties(tool.signature().input()).has("operation_id");
      assertThat(takesOperationId)
          .as("%s takes operation_id exactly when it changes something, or asks about it", name)
          .isEqualTo(!tool.hints().readOnly() || name.equals("operation_status"));
      boolean takesSession = properties(tool.signature().input()).has("session_id");
      assertThat(takesSession)
          .as(name)
          .isEqualTo(!name.equals("session_open") && !name.equals("session_list"));
    }
  }

  private static JsonObject properties(JsonObject schema) {
    return (JsonObject) Objects.requireNonNull(schema.get("properties"));
  }

  private static void assertEachMemberIsDescribed(String tool, JsonObject schema) {
    for (Map.Entry<String, JsonValue> member : properties(schema).members().entrySet()) {
      assertThat(((JsonObject) member.getValue()).has("description"))
          .as("%s: %s", tool, member.getKey())
          .isTrue();
      assertThat(member.getKey()).matches(Pattern.compile("[a-z_]+"));
    }
  }

  @Test
  void a_session_is_opened_by_name_once() {
    var first = bench.good("session_open", "{'name':'one','config':{'max_agents':3,'mine':1}}");
    assertThat(first.at("created")).isEqualTo("true");
    assertThat(first.at("configuration/max_agents")).isEqualTo("3");
    assertThat(first.at("configuration/extra/mine")).isEqualTo("1");
    var again = bench.good("session_open", "{'name':'one'}");
    assertThat(again.at("created")).isEqualTo("false");
    assertThat(again.at("session_id")).isEqualTo(first.at("session_id"));
    var child = bench.good("session_open", "{'name':'two','parent_session_id':'one'}");
    assertThat(child.at("parent_session_id")).isEqualTo(first.at("session_id"));
    assertThat(bench.call("session_open", "{'name':'x','parent_session_id':'no'}").code())
        .isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void a_session_without_a_name_is_new_each_time_and_the_same_under_one_operation_id() {
    var one = bench.good("session_open", "{'operation_id':'a'}");
    assertThat(bench.good("session_open", "{'operation_id':'a'}").at("session_id"))
        .isEqualTo(one.at("session_id"));
    assertThat(bench.good("session_open", "{'operation_id':'b'}").at("session_id"))
        .isNotEqualTo(one.at("session_id"));
    assertThat(bench.good("session_open", "{}").at("session_id"))
        .isNotEqualTo(bench.good("session_open", "{}").at("session_id"));
  }

  @Test
  void the_default_session_comes_with_its_first_change_and_not_with_a_look() {
    assertThat(bench.call("agent_list", "{}").code()).isEqualTo("NOT_FOUND");
    assertThat(bench.call("agent_list", "{}").text()).contains("session_open");
    bench.good("agent_spawn", "{'type':'coder'}");
    assertThat(bench.good("session_status", "{}").at("name")).isEqualTo("default");
    assertThat(bench.call("agent_spawn", "{'type':'x','session_id':'typo'}").code())
        .as("a session that the caller names must exist")
        .isEqualTo("NOT_FOUND");
    assertThat(bench.call("agent_spawn", "{'type':'x'}", "alice", "from-url").at("receipt/seq"))
        .isEqualTo("2");
    assertThat(bench.good("session_list", "{}").at("sessions/1/name")).isEqualTo("from-url");
  }

  @Test
  void swarm_init_makes_a_session_or_changes_what_is_given() {
    var made = bench.good("swarm_init", "{'topology':'star','max_agents':7,'operation_id':'i'}");
    assertThat(made.at("created")).isEqualTo("true");
    var same = bench.good("swarm_init", "{'topology':'star','max_agents':7,'operation_id':'i'}");
    assertThat(same.at("created")).as("the first result again").isEqualTo("true");
    var changed = bench.good("swarm_init", "{'strategy':'adaptive','operation_id':'j'}");
    assertThat(changed.at("created")).isEqualTo("false");
    assertThat(changed.at("configuration/topology")).isEqualTo("star");
    assertThat(changed.at("configuration/strategy")).isEqualTo("adaptive");
    assertThat(changed.at("receipt/seq")).isEqualTo("2");
    assertThat(bench.good("swarm_init", "{}").at("receipt/seq")).as("nothing asked").isEqualTo("2");
    assertThat(bench.call("swarm_init", "{'name':'a','session_id':'b'}").code())
        .isEqualTo("INVALID_ARGUMENT");
    assertThat(bench.good("swarm_init", "{'name':'third'}").at("name")).isEqualTo("third");
  }

  @Test
  void agents_are_spawned_changed_and_retired() {
    var spawned =
        bench.good(
            "agent_spawn",
            "{'type':'coder','name':'Ada','capabilities':['java'],'metadata':{'a':[1]}}");
    assertThat(spawned.at("agent/name")).isEqualTo("Ada");
    assertThat(spawned.at("agent/capabilities/0")).isEqualTo("java");
    String id = spawned.at("agent/agent_id");
    assertThat(
            bench
                .good("agent_update", "{'agent_id':'" + id + "','status':'offline'}")
                .at("agent/status"))
        .isEqualTo("offline");
    assertThat(bench.good("agent_heartbeat", "{'agent_id':'" + id + "'}").at("agent/status"))
        .isEqualTo("idle");
    assertThat(bench.call("agent_update", "{'agent_id':'" + id + "','status':'busy'}").code())
        .isNotEqualTo("(none)");
    assertThat(bench.good("agent_list", "{'status':'idle'}").at("agents/0/agent_id")).isEqualTo(id);
    assertThat(bench.good("agent_retire", "{'agent_id':'" + id + "'}").at("agent/status"))
        .isEqualTo("retired");
    assertThat(bench.call("agent_retire", "{'agent_id':'agent-99'}").code()).isEqualTo("NOT_FOUND");
  }

  @Test
  void a_task_goes_from_the_board_to_its_result() {
    String agent = bench.good("agent_spawn", "{'type':'coder'}").at("agent/agent_id");
    String task =
        bench.good("task_create", "{'description':'Build','priority':'high'}").at("task/task_id");
    String later =
        bench
            .good("task_create", "{'description':'Test','depends_on':['" + task + "']}")
            .at("task/task_id");
    var claimed = bench.good("task_claim", "{'agent_id':'" + agent + "'}");
    assertThat(claimed.at("task/task_id")).isEqualTo(task);
    assertThat(claimed.at("task/status")).isEqualTo("running");
    String token = claimed.at("lease_token");
    assertThat(claimed.text()).as("for models that see the text alone").contains(token);
    String held = "{'task_id':'" + task + "','lease_token':'" + token + "'";
    assertThat(bench.good("task_update", held + ",'progress':40}").at("task/progress"))
        .isEqualTo("40");
    assertThat(bench.call("task_update", held.replace(token, "stolen") + "}").code())
        .isEqualTo("LEASE_LOST");
    assertThat(bench.good("task_complete", held + ",'result':{'ok':true}}").at("task/result/ok"))
        .isEqualTo("true");
    assertThat(bench.good("task_get", "{'task_id':'" + task + "'}").at("task/status"))
        .isEqualTo("completed");
    var next = bench.good("task_claim", "{'agent_id':'" + agent + "'}");
    assertThat(next.at("task/task_id")).isEqualTo(later);
    assertThat(
            bench
                .good(
                    "task_fail",
                    "{'task_id':'"
                        + later
                        + "','lease_token':'"
                        + next.at("lease_token")
                        + "','error':'no'}")
                .at("task/error"))
        .isEqualTo("no");
    assertThat(bench.good("swarm_status", "{}").at("tasks/completed")).isEqualTo("1");
  }

  @Test
  void a_lease_token_is_shown_by_the_claim_alone() {
    String agent = bench.good("agent_spawn", "{'type':'coder'}").at("agent/agent_id");
    bench.good("task_create", "{'description':'Build'}");
    String claim = "{'agent_id':'" + agent + "','operation_id':'claim-1'}";
    String token = bench.good("task_claim", claim).at("lease_token");
    assertThat(bench.good("task_claim", claim).at("lease_token"))
        .as("the same claim again is how a lost token is found")
        .isEqualTo(token);
    for (String look :
        List.of("task_list", "agent_list", "session_status", "swarm_status", "session_health")) {
      var seen = bench.good(look, "{}");
      assertThat(seen.result().toJson().toString()).as(look).doesNotContain(token);
    }
    var operation = bench.good("operation_status", "{'operation_id':'claim-1'}");
    assertThat(operation.at("state")).isEqualTo("applied");
    assertThat(operation.result().toJson().toString()).doesNotContain(token);
  }

  @Test
  void nothing_to_claim_is_an_answer_and_says_why() {
    String agent = bench.good("agent_spawn", "{'type':'coder'}").at("agent/agent_id");
    var none = bench.good("task_claim", "{'agent_id':'" + agent + "'}");
    assertThat(none.at("task")).isEqualTo("null");
    assertThat(none.at("reason")).isNotEqualTo("(none)");
  }

  @Test
  void a_task_is_given_to_idle_agents() {
    assertThat(bench.good("task_orchestrate", "{'description':'x'}").at("agent_ids"))
        .isEqualTo("[]");
    bench.good("agent_spawn", "{'type':'a'}");
    bench.good("agent_spawn", "{'type':'b'}");
    var given = bench.good("task_orchestrate", "{'description':'y','max_agents':2}");
    assertThat(
            ((JsonArray) Objects.requireNonNull(given.result().structured().get("agent_ids")))
                .items())
        .hasSize(2);
    assertThat(given.at("task/assignee")).isEqualTo(given.at("agent_ids/0"));
  }

  @Test
  void memory_is_stored_recalled_and_forgotten() {
    assertThat(bench.good("memory_store", "{'key':'k','value':{'a':1}}").at("version"))
        .isEqualTo("1");
    assertThat(bench.good("memory_store", "{'key':'k','value':null,'if_version':1}").at("version"))
        .isEqualTo("2");
    assertThat(bench.call("memory_store", "{'key':'k','value':1,'if_version':1}").code())
        .isEqualTo("VERSION_CONFLICT");
    var found = bench.good("memory_retrieve", "{'key':'k'}");
    assertThat(found.at("found")).isEqualTo("true");
    assertThat(found.at("value")).isEqualTo("null");
    assertThat(bench.good("memory_retrieve", "{'key':'k','namespace':'other'}").at("found"))
        .isEqualTo("false");
    assertThat(bench.good("memory_delete", "{'key':'k'}").at("deleted")).isEqualTo("true");
    assertThat(bench.good("memory_delete", "{'key':'k'}").at("deleted")).isEqualTo("false");
    bench.good("memory_store", "{'key':'t','value':'x','ttl_ms':1000}");
    assertThat(bench.good("memory_retrieve", "{'key':'t'}").at("found")).isEqualTo("true");
    bench.nowMillis.addAndGet(1_001);
    assertThat(bench.good("memory_retrieve", "{'key':'t'}").at("found")).isEqualTo("false");
    assertThat(bench.good("memory_list", "{}").at("entries")).isEqualTo("[]");
  }

  @Test
  void memory_is_searched_in_keys_and_values_without_regard_to_case() {
    bench.good("memory_store", "{'key':'Plan','value':'Build a MILL'}");
    bench.good("memory_store", "{'key':'mill','value':1,'namespace':'n'}");
    bench.good("memory_store", "{'key':'z','value':{'deep':['windMill']}}");
    bench.good("memory_store", "{'key':'other','value':'nothing'}");
    var all = bench.good("memory_search", "{'query':'mill'}");
    assertThat(all.at("entries/0/key")).isEqualTo("Plan");
    assertThat(all.at("entries/2/key")).isEqualTo("mill");
    assertThat(all.at("entries/3")).isEqualTo("(none)");
    assertThat(bench.good("memory_search", "{'query':'mill','namespace':'n'}").at("entries/0/key"))
        .isEqualTo("mill");
    var first = bench.good("memory_search", "{'query':'mill','limit':1}");
    var second =
        bench.good(
            "memory_search",
            "{'query':'mill','limit':1,'cursor':'" + first.at("next_cursor") + "'}");
    assertThat(second.at("entries/0/key")).isEqualTo("z");
  }

  @Test
  void a_search_through_much_memory_hands_back_a_cursor_instead_of_taking_for_ever() {
    String big = "x".repeat(1_000_000);
    for (int i = 10; i < 30; i++) {
      bench.good("memory_store", "{'key':'k" + i + "','value':'" + big + "'}");
    }
    bench.good("memory_store", "{'key':'zz','value':'needle'}");
    String cursor = "";
    int pages = 0;
    ToolBench.Result page;
    do {
      page = bench.good("memory_search", "{'query':'needle'" + cursor + "}");
      cursor = ",'cursor':'" + page.at("next_cursor") + "'";
      pages++;
    } while (page.at("entries/0").equals("(none)"));
    assertThat(page.at("entries/0/key")).isEqualTo("zz");
    assertThat(pages).isGreaterThan(1);
    assertThat(bench.good("memory_list", "{}").result().structured().toString().length())
        .as("a page is bounded in bytes")
        .isLessThan(4_000_000);
  }

  @Test
  void lists_come_in_pages_without_gaps_or_repeats() {
    for (int i = 0; i < 25; i++) {
      bench.good("task_create", "{'description':'t" + i + "'}");
    }
    var seen = new ArrayList<String>();
    String cursor = "";
    while (true) {
      var page = bench.good("task_list", "{'limit':10" + cursor + "}");
      for (int i = 0; !page.at("tasks/" + i).equals("(none)"); i++) {
        seen.add(page.at("tasks/" + i + "/description"));
      }
      if (page.at("next_cursor").equals("(none)")) {
        break;
      }
      cursor = ",'cursor':'" + page.at("next_cursor") + "'";
    }
    assertThat(seen).hasSize(25).first().isEqualTo("t0");
    assertThat(seen.getLast()).isEqualTo("t24");
    for (String tool : List.of("task_list", "agent_list", "memory_list", "session_list")) {
      assertThat(bench.call(tool, "{'cursor':'forged'}").code()).as(tool).isIn("INVALID_ARGUMENT");
    }
  }

  @Test
  void a_receipt_tells_whether_the_session_still_holds_the_operation() {
    var spawned = bench.good("agent_spawn", "{'type':'a'}");
    String receipt =
        "{'receipt':{'session_id':'"
            + spawned.at("receipt/session_id")
            + "','seq':"
            + spawned.at("receipt/seq")
            + ",'hash':'"
            + spawned.at("receipt/hash")
            + "'}}";
    assertThat(bench.good("session_status", receipt).at("receipt_standing")).isEqualTo("held");
    assertThat(
            bench
                .good("session_status", receipt.replace("'seq':2", "'seq':99"))
                .at("receipt_standing"))
        .isEqualTo("behind");
    String forged = receipt.replace(spawned.at("receipt/hash"), "0".repeat(64));
    assertThat(bench.good("session_status", forged).at("receipt_standing")).isEqualTo("forked");
    assertThat(bench.call("session_status", receipt.replace("'seq':2", "'seq':'2'")).code())
        .isEqualTo("INVALID_ARGUMENT");
    assertThat(bench.call("session_status", "{'receipt':{}}").code()).isEqualTo("INVALID_ARGUMENT");
  }

  @Test
  void an_operation_id_makes_a_change_safe_to_repeat() {
    String spawn = "{'type':'a','operation_id':'op-1'}";
    var first = bench.good("agent_spawn", spawn);
    var again = bench.good("agent_spawn", spawn);
    assertThat(again.result().structured()).isEqualTo(first.result().structured());
    assertThat(again.result().meta().has(ToolResult.REPEATED)).isTrue();
    assertThat(bench.call("agent_spawn", "{'type':'b','operation_id':'op-1'}").code())
        .isEqualTo("OPERATION_ID_REUSED");
    assertThat(bench.call("agent_spawn", spawn, "bob", null).at("agent/agent_id"))
        .as("ids of another principal are others")
        .isNotEqualTo(first.at("agent/agent_id"));
    assertThat(bench.good("operation_status", "{'operation_id':'op-1'}").at("result/agent"))
        .isEqualTo(first.at("agent"));
    assertThat(bench.good("operation_status", "{'operation_id':'nie'}").at("state"))
        .isEqualTo("not_found");
    for (String bad : List.of("", "a b", "\u00e9", "x".repeat(129))) {
      assertThat(bench.call("agent_spawn", "{'type':'a','operation_id':'" + bad + "'}").code())
          .isEqualTo("INVALID_ARGUMENT");
    }
  }

  @Test
  void bad_arguments_are_refused_by_name() {
    bench.good("swarm_init", "{}");
    Map.of(
            "agent_spawn {}", "`type`",
            "agent_spawn {'type':7}", "`type`",
            "agent_spawn {'type':''}", "`type`",
            "agent_spawn {'type':'a','capabilities':'b'}", "`capabilities`",
            "agent_spawn {'type':'a','capabilities':[1]}", "`capabilities[0]`",
            "agent_spawn {'type':'a','nonsense':1}", "`nonsense`",
            "task_create {'description':'a','priority':'urgent'}", "`priority`",
            "task_claim {'agent_id':'a','lease_ms':1}", "`lease_ms`",
            "task_list {'limit':0}", "`limit`",
            "memory_store {'key':'a'}", "`value`")
        .forEach((call, field) -> {
          String[] parts = call.split(" ", 2);
          var refused = bench.call(parts[0], parts[1]);
          assertThat(refused.code()).as(call).isEqualTo("INVALID_ARGUMENT");
          assertThat(refused.at("error/message")).as(call).contains(field);
        });
    assertThat(bench.good("session_status", "{}").at("head/seq")).isEqualTo("1");
  }

  @Test
  void a_checkpoint_is_taken_once_for_a_state_and_label() {
    bench.good("agent_spawn", "{'type':'a'}");
    var taken = bench.good("session_checkpoint", "{'label':'before'}");
    assertThat(taken.at("verified")).isEqualTo("true");
    assertThat(taken.at("receipt/seq")).isEqualTo("2");
    assertThat(bench.good("session_checkpoint", "{'label':'before'}").at("checkpoint_id"))
        .isEqualTo(taken.at("checkpoint_id"));
    assertThat(bench.good("session_checkpoint", "{'label':'again'}").at("checkpoint_id"))
        .isNotEqualTo(taken.at("checkpoint_id"));
    assertThat(bench.call("session_checkpoint", "{'session_id':'no'}").code())
        .isEqualTo("NOT_FOUND");
  }

  @Test
  void a_closed_session_can_be_read_and_not_changed() {
    String agent = bench.good("agent_spawn", "{'type':'a'}").at("agent/agent_id");
    bench.good("task_create", "{'description':'left'}");
    var closed = bench.good("session_close", "{'reason':'done'}");
    assertThat(closed.at("status")).isEqualTo("terminated");
    assertThat(closed.at("retired_agents/0")).isEqualTo(agent);
    assertThat(bench.call("agent_spawn", "{'type':'b'}").code()).isEqualTo("SESSION_NOT_ACTIVE");
    assertThat(bench.good("agent_list", "{}").at("agents/0/status")).isEqualTo("retired");
    assertThat(bench.good("session_health", "{}").at("status")).isEqualTo("warn");
    assertThat(bench.good("session_list", "{'status':'terminated'}").at("sessions/0/name"))
        .isEqualTo("default");
  }

  @Test
  void health_says_what_is_silent_and_overdue() {
    String agent = bench.good("agent_spawn", "{'type':'a'}").at("agent/agent_id");
    bench.good("task_create", "{'description':'x'}");
    bench.good("task_claim", "{'agent_id':'" + agent + "','lease_ms':3600000}");
    assertThat(bench.good("session_health", "{}").at("status")).isEqualTo("ok");
    bench.nowMillis.addAndGet(700_000);
    var silent = bench.good("session_health", "{}");
    assertThat(silent.at("checks/4/status")).isEqualTo("warn");
    assertThat(silent.at("checks/4/reason")).contains(agent);
    assertThat(bench.good("recovery_status", "{}").at("state")).isEqualTo("none");
    assertThat(bench.good("recovery_history", "{}").at("recoveries")).isEqualTo("[]");
  }

  @Test
  void health_names_what_cannot_move_and_calls_a_deadlock_by_its_name() {
    String agent = bench.good("agent_spawn", "{'type':'a'}").at("agent/agent_id");
    String task =
        bench
            .good("task_create", "{'description':'x','assignee':'" + agent + "'}")
            .at("task/task_id");
    assertThat(bench.good("session_health", "{}").at("checks/5/status")).isEqualTo("ok");
    bench.good("agent_update", "{'agent_id':'" + agent + "','status':'offline'}");
    bench.nowMillis.addAndGet(5_000);
    var stuck = bench.good("session_health", "{}");
    assertThat(stuck.at("status")).isEqualTo("fail");
    assertThat(stuck.at("checks/5/reason"))
        .contains("deadlock")
        .contains(task + " is assigned to " + agent + ", which is offline (for 5 s)")
        .contains("agent_retire");
    String other = bench.good("task_create", "{'description':'y'}").at("task/task_id");
    bench.good("agent_spawn", "{'type':'b'}");
    assertThat(bench.good("session_health", "{}").at("checks/5/reason"))
        .contains("some cannot move")
        .doesNotContain(other);
    bench.good("agent_retire", "{'agent_id':'" + agent + "'}");
    assertThat(bench.good("session_health", "{}").at("checks/5/status")).isEqualTo("ok");
  }
}
