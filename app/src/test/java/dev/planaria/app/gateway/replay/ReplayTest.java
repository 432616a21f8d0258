package dev.planaria.app.gateway.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallClass;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.CallStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// A server like `ruv-swarm` loses its state, gets it back under other ids, and its client notices
/// nothing.
final class ReplayTest {

  private static final Pattern AN_ID = Pattern.compile("(swarm|agent|task|nn)-\\d{10,}");

  private final List<Call> ledger = new ArrayList<>();
  private Swarm server = new Swarm(1_795_369_814_000L);
  private IdBinding binding = IdBinding.NONE;

  @Test
  void ids_that_a_client_was_given_first_stay_valid_over_restarts() {
    String swarm = id(ask("swarm_init", "{'topology':'mesh'}"), "swarm");
    String ada = id(ask("agent_spawn", "{'name':'Ada'}"), "agent");
    String bob = id(ask("agent_spawn", "{'name':'Bob','swarmId':'" + swarm + "'}"), "agent");
    String task = id(ask("task_orchestrate", "{'task':'ask " + ada + "'}"), "task");
    for (int restart = 1; restart <= 10; restart++) {
      server = new Swarm(1_795_369_814_000L + restart * 1_000_000L);
      assertThat(replay()).as("restart %d", restart).isEmpty();
      assertThat(binding.size()).isGreaterThanOrEqualTo(6);
      assertThat(ask("task_status", "{'taskId':'" + task + "'}"))
          .contains("\\\"taskId\\\":\\\"" + task + "\\\"");
      String agents = ask("agent_list", "{}");
      assertThat(agents).contains(ada, bob);
      String late = ask("agent_spawn", "{'name':'late','swarmId':'" + swarm + "'}");
      assertThat(late).as("known things keep the names that the client knows").contains(swarm);
      assertThat(id(late, "agent")).isNotIn(ada, bob);
    }
    assertThat(IdBinding.of(binding.toJson())).isEqualTo(binding);
  }

  @Test
  void what_only_mentions_an_id_is_left_alone() {
    String swarm = id(ask("swarm_init", "{}"), "swarm");
    String first = ledger.getFirst().outcome();
    server = new Swarm(1_795_369_999_000L);
    assertThat(replay()).isEmpty();
    String asked =
        "{\"name\":\"x\", \"arguments\":{\"a\" : \"see "
            + swarm
            + "\", \"b\":\""
            + swarm
            + "\", \"n\":1795369814013, \"t\":\"1795369814013\"},\"_meta\":{\"k\":\""
            + swarm
            + "\"}}";
    String sent = binding.toServer(asked);
    assertThat(sent).isEqualTo(asked.replace("\"b\":\"" + swarm, "\"b\":\"" + present(swarm)));
    String answered =
        "{\"content\":[{\"type\":\"text\",\"text\":\"{\\n \\\"id\\\": \\\""
            + present(swarm)
            + "\\\", \\\"at\\\": 1795369999013, \\\"m\\\": \\\"is "
            + present(swarm)
            + "\\\"}\"},{\"type\":\"text\",\"text\":\""
            + present(swarm)
            + "\"},{\"type\":\"text\",\"text\":\"about "
            + present(swarm)
            + "\"}],\"structuredContent\":{\"ids\":[\""
            + present(swarm)
            + "\"]},\"_meta\":{\"k\":\""
            + present(swarm)
            + "\"}}";
    assertThat(binding.toClient(answered))
        .isEqualTo(
            answered
                .replace("\\\"" + present(swarm) + "\\\"", "\\\"" + swarm + "\\\"")
                .replace("\"text\":\"" + present(swarm) + "\"", "\"text\":\"" + swarm + "\"")
                .replace("[\"" + present(swarm) + "\"]", "[\"" + swarm + "\"]"));
    assertThat(Objects.requireNonNull(first)).contains(swarm);
  }

  private String present(String firstId) {
    return ((dev.planaria.engine.json.JsonString)
            Objects.requireNonNull(binding.toJson().get(firstId)))
        .value();
  }

  @Test
  void nothing_bound_means_nothing_touched() {
    String odd = " {\"arguments\": {\"a\":1.50}} ";
    assertThat(IdBinding.NONE.toServer(odd)).isSameAs(odd);
    assertThat(IdBinding.NONE.toClient(odd)).isSameAs(odd);
    assertThat(IdBinding.of(JsonObject.EMPTY)).isSameAs(IdBinding.NONE);
  }

  @Test
  void ids_stand_for_one_thing_each_or_the_replay_stops() {
    var twice = new Rebinding(Profile.RUV_SWARM);
    assertThat(twice.bind("swarm_init", init("swarm-1111111111"), init("swarm-3333333333")))
        .isEmpty();
    assertThat(twice.bind("swarm_init", init("swarm-1111111111"), init("swarm-4444444444")))
        .get()
        .asString()
        .contains("nobody could tell what swarm-1111111111 stands for");
    assertThat(twice.bind("swarm_init", init("swarm-2222222222"), init("swarm-3333333333")))
        .get()
        .asString()
        .contains("swarm-1111111111 and swarm-2222222222");
    assertThat(twice.bind("swarm_init", init("swarm-2222222222"), "{\"content\":[]}"))
        .contains("the result of swarm_init has 0 ids at /id, and had 1");
    assertThat(
            twice.bind("swarm_init", init("swarm-2222222222"), "{\"content\":[],\"isError\":true}"))
        .contains("the call of swarm_init failed when it was replayed");
    assertThat(twice.result().toJson())
        .as("what was refused left nothing behind")
        .isEqualTo(JsonObject.builder().put("swarm-1111111111", "swarm-3333333333").build());
    assertThat(twice.bind("swarm_init", init("swarm-2222222222"), init("swarm-1111111111")))
        .as("an old id of one thing may be the new id of another")
        .isEmpty();
    String params = Swarm.params("x", "{'a':'swarm-1111111111','b':'swarm-2222222222'}");
    assertThat(twice.result().toServer(params))
        .isEqualTo(Swarm.params("x", "{'a':'swarm-3333333333','b':'swarm-1111111111'}"));
  }

  @Test
  void an_id_that_a_client_knows_as_something_else_is_noticed() {
    var rebinding = new Rebinding(Profile.RUV_SWARM);
    assertThat(rebinding.bind("swarm_init", init("swarm-1111111111"), init("swarm-2222222222")))
        .isEmpty();
    IdBinding bound = rebinding.result();
    assertThat(bound.collision(Profile.RUV_SWARM, "swarm_init", init("swarm-1111111111")))
        .get()
        .asString()
        .contains("swarm-1111111111");
    assertThat(bound.collision(Profile.RUV_SWARM, "swarm_init", init("swarm-2222222222")))
        .isEmpty();
    assertThat(bound.collision(Profile.RUV_SWARM, "swarm_init", init("swarm-5555555555")))
        .isEmpty();
    assertThat(bound.collision(Profile.RUV_SWARM, "other", init("swarm-1111111111"))).isEmpty();
  }

  private static String init(String id) {
    return "{\"structuredContent\":{\"id\":\"" + id + "\"}}";
  }

  @Test
  void whoever_was_chosen_for_a_task_may_be_in_another_order() {
    ask("swarm_init", "{}");
    String one = id(ask("agent_spawn", "{}"), "agent");
    String two = id(ask("agent_spawn", "{}"), "agent");
    ask("task_orchestrate", "{'task':'t'}");
    server = new Swarm(1_795_369_999_001L);
    assertThat(replay()).isEmpty();
    assertThat(present(one).compareTo(present(two))).isNegative();
  }

  @Test
  void calls_that_failed_were_overwritten_or_were_put_an_end_to_are_not_replayed() {
    var profile =
        Profile.of(
            JsonObject.builder()
                .put(
                    "profile",
                    dev.planaria.engine.json.Json.parseObject(
                        "{\"replay\":[\"open\",\"set\"],\"reset\":[\"clear\",\"open\"],"
                            + "\"overwrites\":{\"set\":[\"/key\"]}}",
                        dev.planaria.engine.json.JsonLimits.DEFAULT))
                .build());
    List<Call> calls =
        List.of(
            call("1", "set", "{\"arguments\":{\"key\":\"a\"}}", "{}"),
            call("2", "clear", "{}", "{}"),
            call("3", "set", "{\"arguments\":{\"key\":\"a\",\"value\":1}}", "{}"),
            call("4", "set", "{\"arguments\":{\"key\":\"b\"}}", "{}"),
            call("5", "clear", "{}", "{\"isError\":true}"),
            call("6", "set", "{\"arguments\":{\"key\":\"a\",\"value\":2}}", "{}"),
            call("7", "set", "{\"arguments\":{\"key\":\"b\"}}", "{\"isError\":true}"),
            call("8", "set", "{\"arguments\":{\"value\":2}}", "{}"),
            call("9", "gone", "{}", "{}"));
    var record = ReplayRecord.of(calls.stream(), profile);
    assertThat(record.calls()).extracting(c -> c.id().operationId()).containsExactly("4", "6", "8");
    assertThat(record.superseded())
        .extracting(CallId::operationId)
        .containsExactly("1", "2", "3", "5", "7");
    var more = new ArrayList<>(calls);
    more.add(call("A", "open", "{}", "{}"));
    assertThat(ReplayRecord.of(more.stream(), profile).calls())
        .as("a tool that builds up state may put an end to the old one")
        .extracting(c -> c.id().operationId())
        .containsExactly("A");
    assertThat(record.without(Set.of(new CallId("p", "6"))).calls()).hasSize(2);
  }

  /// Any run of a client with restarts in between looks to it as one without: an id that it was
  /// given once names one thing, and nothing is refused that was there.
  @Test
  void whatever_a_client_does_restarts_do_not_show() {
    long seed = Long.getLong("planaria.seed", System.nanoTime());
    var random = new Random(seed);
    Map<String, Integer> hits = new HashMap<>();
    for (int run = 0; run < 150; run++) {
      live(new Random(random.nextLong()), seed, hits);
    }
    System.out.println("replays: seed " + seed + ", " + hits);
    assertThat(hits.keySet()).contains("restart", "agent_spawn", "task_orchestrate", "task_status");
  }

  private void live(Random random, long seed, Map<String, Integer> hits) {
    ledger.clear();
    binding = IdBinding.NONE;
    long clock = 1_795_369_814_000L;
    server = new Swarm(clock);
    List<String> swarms = new ArrayList<>(List.of(id(ask("swarm_init", "{}"), "swarm")));
    Set<String> agents = new java.util.TreeSet<>();
    List<String> tasks = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      switch (random.nextInt(7)) {
        case 0 -> {
          hits.merge("restart", 1, Integer::sum);
          // A clock that jumped about would give one id twice; that is told, not hidden.
          clock += 1_000_000 + random.nextInt(1_000);
          server = new Swarm(clock);
          assertThat(replay()).as("seed %d", seed).isEmpty();
        }
        case 1 -> swarms.add(id(ask("swarm_init", "{}"), "swarm"));
        case 2, 3 -> {
          hits.merge("agent_spawn", 1, Integer::sum);
          String swarm = swarms.get(random.nextInt(swarms.size()));
          String answer = ask("agent_spawn", "{'swarmId':'" + swarm + "'}");
          assertThat(answer)
              .as("seed %d", seed)
              .doesNotContain("isError")
              .contains(swarms.getLast());
          assertThat(agents.add(id(answer, "agent"))).as("seed %d", seed).isTrue();
        }
        case 4 -> {
          hits.merge("task_orchestrate", 1, Integer::sum);
          String answer = ask("task_orchestrate", "{'task':'t'}");
          assertThat(all(answer, "agent")).as("seed %d", seed).isEqualTo(agents);
          tasks.add(id(answer, "task"));
        }
        case 5 ->
            assertThat(all(ask("agent_list", "{}"), "agent")).as("seed %d", seed).isEqualTo(agents);
        default -> {
          if (!tasks.isEmpty()) {
            hits.merge("task_status", 1, Integer::sum);
            String task = tasks.get(random.nextInt(tasks.size()));
            assertThat(ask("task_status", "{'taskId':'" + task + "'}"))
                .as("seed %d", seed)
                .contains(task)
                .doesNotContain("isError");
          }
        }
      }
    }
  }

  /// A client's call, through the gateway: rewritten, answered, rewritten back, and written down.
  private String ask(String tool, String arguments) {
    String params = Swarm.params(tool, arguments);
    String answer = server.call(tool, binding.toServer(params));
    assertThat(binding.collision(Profile.RUV_SWARM, tool, answer)).isEmpty();
    String told = binding.toClient(answer);
    if (Profile.RUV_SWARM.isKept(tool)) {
      ledger.add(call("op-" + ledger.size(), tool, params, told));
    }
    return told;
  }

  private Optional<String> replay() {
    var rebinding = new Rebinding(Profile.RUV_SWARM);
    for (Call call : ReplayRecord.of(ledger.stream(), Profile.RUV_SWARM).calls()) {
      String tool = Objects.requireNonNull(call.target());
      String answer = server.call(tool, rebinding.toServer(Objects.requireNonNull(call.params())));
      Optional<String> stop = rebinding.bind(tool, Objects.requireNonNull(call.outcome()), answer);
      if (stop.isPresent()) {
        return stop;
      }
    }
    binding = rebinding.result();
    return Optional.empty();
  }

  private static String id(String text, String kind) {
    return all(text, kind, matcher -> matcher.group()).getFirst();
  }

  private static Set<String> all(String text, String kind) {
    return new java.util.TreeSet<>(all(text, kind, matcher -> matcher.group()));
  }

  private static List<String> all(String text, String kind, Function<Matcher, String> take) {
    var found = new ArrayList<String>();
    Matcher matcher = AN_ID.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1).equals(kind)) {
        found.add(take.apply(matcher));
      }
    }
    return found;
  }

  private static Call call(String id, String tool, String params, String outcome) {
    return new Call(
        new CallId("p", id),
        "ruv",
        "tools/call",
        tool,
        CallClass.EFFECT,
        params,
        null,
        CallStatus.COMPLETED,
        1,
        1,
        0,
        0,
        null,
        outcome,
        null,
        true);
  }
}
