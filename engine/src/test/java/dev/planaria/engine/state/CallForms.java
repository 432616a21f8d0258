package dev.planaria.engine.state;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Connections and calls, and the journal's form of the operations on them.
final class CallForms {

  static final Connection CONNECTION =
      new Connection(
          "files",
          Transport.STREAMABLE_HTTP,
          Era.MODERN,
          ConnectionStatus.EXPONENTIAL_BACKOFF,
          TestSession.object("tools", "yes"),
          3,
          5,
          6,
          new Connection.Standing("it does not answer", 4, 3, 7L, 8L, 9L),
          new Connection.Memory(
              "s-1",
              TestSession.object("a-1", "a-2"),
              "too many",
              2,
              1,
              TestSession.object("level", "info")));
  static final String CONNECTION_JSON =
      "{\"connection_id\":\"files\",\"transport\":\"streamable_http\",\"era\":\"modern\",\"status\":\"exponential_backoff\","
          + "\"capabilities\":{\"tools\":\"yes\"},\"consecutive_failures\":3,\"last_heartbeat_ms\":5,\"updated_at_ms\":6,\"reason\":\"it"
          + " does not"
          + " answer\",\"since_ms\":4,\"attempts\":3,\"next_attempt_ms\":7,\"offline_since_ms\":8,"
          + "\"lost_since_ms\":9,\"upstream_session\":\"s-1\",\"bindings\":{\"a-1\":\"a-2\"},\"replay_incomplete\":\"too"
          + " many\",\"losses\":2,\"losses_announced\":1,\"asked\":{\"level\":\"info\"}}";
  static final Call CALL =
      new Call(
          new CallId("alice", "op-1"),
          "files",
          "tools/call",
          "write",
          CallClass.EFFECT,
          "{ \"name\":\"write\"}",
          "d-1",
          CallStatus.COMPLETED,
          12,
          2,
          3,
          6,
          90L,
          "{\"content\":[]}",
          "it went well",
          true);
  static final String CALL_JSON =
      "{\"principal\":\"alice\",\"operation_id\":\"op-1\",\"connection_id\":\"files\",\"method\":\"tools/call\",\"target\":\"write\",\"class\":\"effect\",\"params\":\"{"
          + " \\\"name\\\":\\\"write\\\"}\",\"arguments_digest\":\"d-1\",\"status\":\"completed\","
          + "\"order\":12,\"attempts\":2,\"accepted_at_ms\":3,\"updated_at_ms\":6,\"expires_at_ms\":90,\"outcome\":\"{\\\"content\\\":[]}\",\"reason\":\"it"
          + " went well\",\"replayable\":true}";
  static final Call BARE_CALL =
      new Call(
          new CallId("bob", "op-2"),
          "files",
          "ping",
          null,
          CallClass.READ_ONLY,
          null,
          null,
          CallStatus.ACCEPTED,
          13,
          0,
          3,
          3,
          null,
          null,
          null,
          false);
  static final String BARE_CALL_JSON =
      "{\"principal\":\"bob\",\"operation_id\":\"op-2\",\"connection_id\":\"files\",\"method\":\"ping\","
          + "\"class\":\"read_only\",\"status\":\"accepted\",\"order\":13,\"attempts\":0,\"accepted_at_ms\":3,\"updated_at_ms\":3}";
  static final CallId CALL_ID = new CallId("bob", "op-2");
  static final String CALL_ID_JSON = "{\"principal\":\"bob\",\"operation_id\":\"op-2\"}";
  static final Operation.LetGo LET_GO = new Operation.LetGo(List.of(CALL_ID), 44);
  static final String LET_GO_JSON = "{\"calls\":[" + CALL_ID_JSON + "],\"kept_until_ms\":44}";

  private CallForms() {}

  static Stream<Map.Entry<Operation, String>> forms() {
    return Stream.of(
        OperationCodecTest.form(
            new Operation.ConnectionPut(CONNECTION), "{'connection':" + CONNECTION_JSON + "}"),
        OperationCodecTest.form(
            new Operation.ConnectionRemoved("files", true, List.of(CALL), LET_GO),
            "{'connection_id':'files','existed':true,'calls':["
                + CALL_JSON
                + "],'let_go':"
                + LET_GO_JSON
                + "}"),
        OperationCodecTest.form(
            new Operation.CallAccepted(BARE_CALL, List.of()), "{'call':" + BARE_CALL_JSON + "}"),
        OperationCodecTest.form(
            new Operation.CallAccepted(CALL, List.of(CALL_ID)),
            "{'call':" + CALL_JSON + ",'forgotten':[" + CALL_ID_JSON + "]}"),
        OperationCodecTest.form(
            new Operation.CallMoved(CALL, CONNECTION, List.of(CALL_ID)),
            "{'call':"
                + CALL_JSON
                + ",'connection':"
                + CONNECTION_JSON
                + ",'forgotten':["
                + CALL_ID_JSON
                + "]}"),
        OperationCodecTest.form(
            new Operation.CallMoved(BARE_CALL, null, List.of()), "{'call':" + BARE_CALL_JSON + "}"),
        OperationCodecTest.form(
            new Operation.CallForgotten(CALL_ID), "{'call_id':" + CALL_ID_JSON + "}"),
        OperationCodecTest.form(
            new Operation.ReplayDropped("files", LET_GO, CONNECTION),
            "{'connection_id':'files','let_go':"
                + LET_GO_JSON
                + ",'connection':"
                + CONNECTION_JSON
                + "}"));
  }
}
