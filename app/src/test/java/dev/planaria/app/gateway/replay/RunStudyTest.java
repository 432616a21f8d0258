package dev.planaria.app.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.replay.ProfileProposal.Reason;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What is proposed on the strength of a run.
final class RunStudyTest {
  private static final JsonObject READS = json("{\"readOnlyHint\":true}");
  private static final JsonObject CHANGES = json("{\"readOnlyHint\":false}");

  private final RunStudy study = new RunStudy(RunStudy.Limits.DEFAULT, "key");

  private static JsonObject json(String text) {
    return Json.parseObject(text.replace('\'', '"'), JsonLimits.DEFAULT);
  }

  /// A call whose result is structured.
  private void call(String tool, String arguments, String result, @Nullable JsonObject hints) {
    note(tool, arguments, "{'structuredContent':" + result + "}", hints);
  }

  private void note(String tool, String arguments, String outcome, @Nullable JsonObject hints) {
    study.note(
        new RunStudy.Observed(
            tool,
            "{\"arguments\":" + arguments.replace('\'', '"') + "}",
            outcome.replace('\'', '"'),
            hints));
  }

  private ProfileProposal proposal() {
    ProfileProposal proposal = study.propose(Profile.NONE, Map.of());
    assertThat(Profile.of(proposal.profile().toJson()).toJson())
        .as("it can be written into the servers file as it is")
        .isEqualTo(proposal.profile().toJson());
    return proposal;
  }

  private static String why(ProfileProposal proposal, String member, String entry) {
    return proposal.reasons().stream()
        .filter(reason -> reason.member().equals(member) && reason.entry().equals(entry))
        .map(Reason::why)
        .reduce("", (one, other) -> one + other);
  }

  @Test
  void a_profile_like_the_one_that_was_found_by_hand_is_proposed_from_a_run() {
    var server = new Swarm(1_795_369_814_000L);
    String swarm = seen(server, "swarm_init", "{'topology':'mesh','name':'team-1'}");
    String id = swarm.replaceAll("(?s).*?(swarm-\\d{10,}).*", "$1");
    seen(server, "agent_spawn", "{'name':'agent-007','swarmId':'" + id + "'}");
    seen(server, "agent_spawn", "{'type':'coder'}");
    String task = seen(server, "task_orchestrate", "{'task':'t'}");
    String taskId = task.replaceAll("(?s).*?(task-\\d{10,}).*", "$1");
    seen(server, "task_status", "{'taskId':'" + taskId + "'}");
    seen(server, "agent_list", "{}");
    ProfileProposal proposal = proposal();
    assertThat(proposal.profile().replay()).isEqualTo(Profile.RUV_SWARM.replay());
    for (String tool : Profile.RUV_SWARM.replay()) {
      assertThat(proposal.profile().ids(tool))
          .as(tool)
          .containsExactlyInAnyOrderElementsOf(Profile.RUV_SWARM.ids(tool));
    }
    assertThat(Objects.requireNonNull(proposal.profile().idValues()).pattern())
        .isEqualTo("^[a-z_]+-\\d{10,}$");
    assertThat(proposal.profile().pace()).isEqualTo(new Profile.Pace(1, 12));
    assertThat(why(proposal, "ids", "swarm_init /id"))
        .isEqualTo("the id at /id of swarm_init came back in agent_spawn.swarmId once");
    assertThat(why(proposal, "ids", "agent_spawn /agent/neural_network_id"))
        .isEqualTo("looks like the ids that came back");
    // Its own word is missing, and a name is none: such a tool is neither replayed nor repeated.
    assertThat(proposal.profile().trust().readOnly()).isEmpty();
    assertThat(String.join("\n", proposal.unknowns()))
        .contains("task_status seems to change nothing, by its name alone");
  }

  private String seen(Swarm server, String tool, String arguments) {
    String params = Swarm.params(tool, arguments);
    String outcome = server.call(tool, params);
    study.note(new RunStudy.Observed(tool, params, outcome, null));
    return outcome;
  }

  @Test
  void the_servers_word_counts_more_than_a_tools_name_and_failed_calls_tell_nothing() {
    call("get_ready", "{}", "{'k':'abc-1'}", CHANGES);
    call("compute", "{'k':'abc-1'}", "{}", READS);
    call("compute", "{'k':'abc-1'}", "{}", READS);
    note("broken", "{}", "{'isError':true}", null);
    study.note(new RunStudy.Observed("refused", "{}", null, null));
    ProfileProposal proposal = proposal();
    assertThat(proposal.profile().replay()).containsExactly("get_ready");
    assertThat(proposal.profile().ids("get_ready")).hasToString("[/k]");
    assertThat(proposal.profile().idValues()).isNull();
    assertThat(proposal.profile().trust().readOnly()).containsExactly("compute");
    assertThat(why(proposal, "replay", "get_ready"))
        .isEqualTo("declared not read-only by the server (called once)");
    assertThat(why(proposal, "read_only", "compute")).isEqualTo("declared read-only by the server");
    assertThat(why(proposal, "ids", "get_ready /k"))
        .isEqualTo("the id at /k of get_ready came back in compute.k 2 times");
    assertThat(proposal.unknowns()).contains("2 calls failed and were not looked at");
  }

  @Test
  void what_the_client_chose_itself_is_no_id_of_the_server() {
    call("add", "{'name':'team-1'}", "{'name':'team-1','at':'2026-11-23T08:00:00Z'}", CHANGES);
    call("look", "{'name':'team-1','at':'2026-11-23T08:00:00Z'}", "{}", READS);
    assertThat(proposal().profile().ids()).isEmpty();
  }

  @Test
  void an_effect_outside_is_not_proposed_and_said() {
    call("mail", "{}", "{}", json("{'openWorldHint':true}"));
    call("add", "{}", "{}", null);
    ProfileProposal proposal = proposal();
    assertThat(proposal.profile().replay()).containsExactly("add");
    assertThat(why(proposal, "replay", "add")).isEqualTo("not declared read-only (called once)");
    assertThat(String.join("\n", proposal.unknowns()))
        .contains("mail acts on the world outside")
        .contains("whether the server keeps its state on disk");
  }

  @Test
  void what_cannot_be_bound_is_said() {
    call("make", "{}", "{'id':1234}", CHANGES);
    call("look", "{'item_id':1234}", "{}", READS);
    note("write", "{}", "{'content':[{'type':'text','text':'Wrote note-77.'}]}", CHANGES);
    call("look", "{'note':'note-77.'}", "{}", READS);
    call("list", "{}", "{'items':[{'key':'k-55'}]}", READS);
    call("look", "{'key':'k-55'}", "{}", READS);
    call("map", "{}", "{'agent-1795369814000':{'key':'x-1'}}", CHANGES);
    call("look", "{'key':'x-1'}", "{}", READS);
    ProfileProposal proposal = proposal();
    assertThat(proposal.profile().ids()).isEmpty();
    assertThat(String.join("\n", proposal.unknowns()))
        .contains("the number at /id of make came back in look.item_id")
        .contains("free text of a result of write and came back in look")
        .contains(
            "an id that list gave at /items.[]/key came back in look.key".replace(".[]", "/[]"))
        .contains("no id that make, map, write gave was seen to come back");
  }

  @Test
  void what_the_operator_wrote_is_kept_and_tools_never_called_are_named() {
    Profile present =
        Profile.of(
            json(
                "{'profile':{'replay':['open'],'ids':{'open':['/h']},'gap_ms':3,'reset':['clear']},"
                    + "'read_only':['add'],'sensitive':{'login':['/password']}}"));
    call("add", "{}", "{}", CHANGES);
    call("make", "{}", "{'id':'3f2504e0-4f89-41d3-9a0c-0305e82c3301'}", CHANGES);
    call("look", "{'id':'3f2504e0-4f89-41d3-9a0c-0305e82c3301'}", "{}", READS);
    ProfileProposal proposal =
        study.propose(
            present, Map.of("never", JsonObject.EMPTY, "put", json("{'idempotentHint':true}")));
    assertThat(proposal.profile().replay()).containsExactlyInAnyOrder("make", "open");
    assertThat(proposal.profile().ids("open")).hasToString("[/h]");
    assertThat(proposal.profile().ids("make")).hasToString("[/id]");
    assertThat(proposal.profile().idValues()).as("of two kinds of ids").isNull();
    assertThat(proposal.profile().pace()).isEqualTo(new Profile.Pace(0, 3));
    assertThat(proposal.profile().reset()).containsExactly("clear");
    assertThat(proposal.profile().trust().readOnly()).containsExactlyInAnyOrder("add", "look");
    assertThat(proposal.profile().trust().idempotent()).containsExactly("put");
    assertThat(proposal.profile().trust().sensitive()).isEqualTo(present.trust().sensitive());
    assertThat(String.join("\n", proposal.unknowns()))
        .contains("never called in this run: never, put;");
  }

  @Test
  void a_run_that_is_too_large_ends_at_a_named_limit() {
    var few = new RunStudy(new RunStudy.Limits(3, 100, 100, 1_000), "key");
    var small = new RunStudy(new RunStudy.Limits(100, 10, 100, 1_000), "key");
    var narrow = new RunStudy(new RunStudy.Limits(100, 1_000, 10, 1_000), "key");
    var brief = new RunStudy(new RunStudy.Limits(100, 100, 100, 60), "key");
    for (int i = 0; i < 50; i++) {
      var call =
          new RunStudy.Observed(
              "make", "{}", "{\"structuredContent\":{\"id" + i + "\":\"item-" + i + "\"}}", null);
      few.note(call);
      small.note(call);
      narrow.note(call);
      brief.note(new RunStudy.Observed("make", "{\"a\":\"" + "x".repeat(60) + "\"}", "{}", null));
    }
    assertThat(few.full()).isEqualTo("calls is 3");
    assertThat(few.calls()).isEqualTo(3);
    assertThat(small.full()).isEqualTo("values is 10");
    assertThat(narrow.full()).isEqualTo("places is 10");
    assertThat(few.propose(Profile.NONE, Map.of()).unknowns().getFirst())
        .contains("the recording is full (calls is 3)");
    assertThat(brief.calls()).isZero();
    assertThat(brief.propose(Profile.NONE, Map.of()).unknowns())
        .anyMatch(said -> said.startsWith("50 calls were not looked at"));
  }

  @Test
  void whatever_a_server_answers_the_proposal_can_be_read_again() {
    long seed = Long.getLong("planaria.seed", 20_261_123);
    var random = new Random(seed);
    List<String> names =
        List.of("id", "", "a/b", "~", "[]", "x[]", "\u0001", "agentId", "n".repeat(600), "0");
    int ids = 0;
    for (int round = 0; round < 300; round++) {
      var run = new RunStudy(new RunStudy.Limits(100, 1_000, 300, 100_000), "key");
      var given = new ArrayList<String>();
      for (int i = 0; i < 20; i++) {
        String id = "id-" + random.nextInt(30);
        String value = nested(random, names, id);
        given.add(id);
        run.note(
            new RunStudy.Observed(
                random.nextInt(5) == 0 ? "t".repeat(300) : "make" + random.nextInt(3),
                "{\"arguments\":"
                    + nested(random, names, given.get(random.nextInt(given.size())))
                    + "}",
                "{\"structuredContent\":" + value + "}",
                random.nextBoolean() ? CHANGES : null));
      }
      ProfileProposal proposal = run.propose(Profile.NONE, Map.of());
      ids += proposal.profile().ids().size();
      assertThat(Profile.of(proposal.profile().toJson()).toJson())
          .as("seed %s, round %s", seed, round)
          .isEqualTo(proposal.profile().toJson());
    }
    System.out.println("seed " + seed + ": " + ids + " tools with ids");
    assertThat(ids).isPositive();
  }

  private static String nested(Random random, List<String> names, String id) {
    String value = Json.write(new JsonString(id));
    for (int depth = random.nextInt(40); depth > 0; depth -= 1 + random.nextInt(20)) {
      value =
          random.nextInt(3) == 0
              ? "[" + value + "]"
              : "{"
                  + Json.write(new JsonString(names.get(random.nextInt(names.size()))))
                  + ":"
                  + value
                  + "}";
    }
    return value;
  }
}
