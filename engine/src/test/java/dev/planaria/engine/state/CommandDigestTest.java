package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The same command has the same digest, another command another one.
final class CommandDigestTest {

  private static final MemoryKey KEY = new MemoryKey("n", "k");
  private static final CallId CALL = new CallId("p", "o");

  /// Commands that could be taken for each other.
  private static final List<Command> ALL_DIFFERENT =
      List.of(
          new Command.ConfigureSwarm(null, null, null),
          new Command.ConfigureSwarm(Topology.MESH, null, null),
          new Command.ConfigureSwarm(null, 1, null),
          new Command.ConfigureSwarm(null, null, "mesh"),
          new Command.CloseSession(null),
          new Command.CloseSession("a"),
          new Command.SpawnAgent("a", null, null, null),
          new Command.SpawnAgent("b", null, null, null),
          new Command.SpawnAgent("a", "a", null, null),
          new Command.SpawnAgent("a", null, List.of(), null),
          new Command.SpawnAgent("a", null, List.of("x", "y"), null),
          new Command.SpawnAgent("a", null, List.of("y", "x"), null),
          new Command.SpawnAgent("a", null, List.of("x\",\"y"), null),
          new Command.SpawnAgent("a", null, null, JsonObject.EMPTY),
          new Command.SpawnAgent("a\",\"name\":\"a", null, null, null),
          new Command.UpdateAgent("a", null, null, null, null),
          new Command.UpdateAgent("a", null, AgentStatus.IDLE, null, null),
          new Command.UpdateAgent("a", "idle", null, null, null),
          new Command.UpdateAgent("a", null, null, List.of(), null),
          new Command.UpdateAgent("a", null, null, null, JsonObject.EMPTY),
          new Command.HeartbeatAgent("a"),
          new Command.RetireAgent("a"),
          new Command.CreateTask("a", null, null, null, null, null),
          new Command.CreateTask("a", Priority.LOW, null, null, null, null),
          new Command.CreateTask("a", null, List.of(), null, null, null),
          new Command.CreateTask("a", null, null, "low", null, null),
          new Command.CreateTask("a", null, null, null, 1, null),
          new Command.CreateTask("a", null, null, null, null, JsonObject.EMPTY),
          new Command.OrchestrateTask("a", null, null, null),
          new Command.OrchestrateTask("a", "low", null, null),
          new Command.OrchestrateTask("a", null, Priority.LOW, null),
          new Command.OrchestrateTask("a", null, null, 1),
          new Command.ClaimTask("a", null, null),
          new Command.ClaimTask("a", "a", null),
          new Command.ClaimTask("a", null, 1L),
          new Command.UpdateTask("a", "t", null, null),
          new Command.UpdateTask("a", "t", 1, null),
          new Command.UpdateTask("a", "t", null, JsonObject.EMPTY),
          new Command.CompleteTask("a", "t", null),
          new Command.CompleteTask("a", "t", JsonNull.NULL),
          new Command.CompleteTask("a", "t", new JsonString("null")),
          new Command.CompleteTask("a", "t", new JsonNumber("1")),
          new Command.CompleteTask("a", "t", new JsonNumber("1.0")),
          new Command.FailTask("a", "t", "e"),
          new Command.StoreMemory(KEY, JsonNull.NULL, null, null),
          new Command.StoreMemory(KEY, JsonNull.NULL, 1L, null),
          new Command.StoreMemory(KEY, JsonNull.NULL, null, 1L),
          new Command.StoreMemory(new MemoryKey("nk", ""), JsonNull.NULL, null, null),
          new Command.DeleteMemory(KEY),
          new Command.DeleteMemory(new MemoryKey("k", "n")),
          new Command.PutConnection(connection(0, 1)),
          new Command.PutConnection(connection(1, 0)),
          new Command.RemoveConnection("a"),
          accept("a", "b", "c", null, null),
          accept("b", "a", "c", null, null),
          accept("a", "b", "d", null, null),
          accept("a", "b", "c", "d", null),
          accept("a", "b", "c", null, "d"),
          new Command.MoveCall(CALL, CallStatus.SENT, null, null),
          new Command.MoveCall(CALL, CallStatus.UNKNOWN, null, null),
          new Command.MoveCall(CALL, CallStatus.SENT, "a", null),
          new Command.MoveCall(CALL, CallStatus.SENT, null, "a"),
          new Command.RetryCall(CALL),
          new Command.UnsendCall(CALL, "refused"),
          new Command.ForgetCall(CALL),
          new Command.DropReplay("a", null),
          new Command.DropReplay("a", List.of()),
          new Command.DropReplay("a", List.of(CALL)),
          new Command.Sweep(),
          new Command.ResumeAfterCrash("a"));

  @Test
  void commands_that_differ_in_anything_have_different_digests() {
    var seen = new HashMap<String, Command>();
    for (var command : ALL_DIFFERENT) {
      byte[] digest = CommandDigest.canonical(command);
      var other = seen.put(HexFormat.of().formatHex(digest), command);
      assertThat(other).as("has the digest of %s", command).isNull();
    }
  }

  @Test
  void the_order_of_members_and_white_space_do_not_matter() {
    assertThat(CommandDigest.canonical(remember("{\"a\":1,\"b\":{\"c\":2,\"d\":[]}}")))
        .isEqualTo(
            CommandDigest.canonical(remember(" { \"b\" : {\"d\":[ ],\"c\":2}, \"\\u0061\":1 } ")));
  }

  @Test
  void the_text_that_is_digested_is_one_json_object_with_the_type_first() {
    for (var command : ALL_DIFFERENT) {
      var text = Json.parseObject(CommandDigest.canonical(command), JsonLimits.DEFAULT);
      assertThat(text.members().keySet()).startsWith("type");
    }
  }

  @Test
  void the_digest_stays_the_same_over_releases() {
    var command = new Command.ClaimTask("agent-2", "task-3", 60_000L);
    assertThat(new String(CommandDigest.canonical(command), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"type\":\"claim_task\",\"agent_id\":\"agent-2\",\"task_id\":\"task-3\",\"lease_ms\":60000}");
  }

  @Test
  void a_call_is_the_same_whatever_is_found_out_about_it() {
    assertThat(CommandDigest.canonical(found(CallClass.EFFECT, false)))
        .isEqualTo(CommandDigest.canonical(found(CallClass.READ_ONLY, true)));
  }

  private static Command found(CallClass callClass, boolean queued) {
    return new Command.AcceptCall(
        CALL,
        "a",
        "b",
        null,
        callClass,
        "{}",
        null,
        queued,
        queued ? CallStatus.QUEUED : CallStatus.SENT);
  }

  private static Command accept(
      String operationId,
      String connectionId,
      String method,
      @Nullable String target,
      @Nullable String params) {
    return new Command.AcceptCall(
        new CallId("p", operationId),
        connectionId,
        method,
        target,
        CallClass.EFFECT,
        params,
        params == null ? null : "d-" + params,
        false,
        CallStatus.ACCEPTED);
  }

  private static Command remember(String json) {
    return new Command.StoreMemory(KEY, Json.parse(json, JsonLimits.DEFAULT), null, null);
  }

  private static Connection connection(long lastHeartbeatMillis, long updatedAtMillis) {
    return TestSession.connection(
        "a",
        Transport.STDIO,
        Era.LEGACY,
        ConnectionStatus.SYNC,
        JsonObject.EMPTY,
        0,
        lastHeartbeatMillis,
        updatedAtMillis);
  }
}
