package dev.planaria.engine.state;

import static dev.planaria.engine.state.CallForms.CALL_JSON;
import static dev.planaria.engine.state.CallForms.CONNECTION_JSON;
import static dev.planaria.engine.state.OperationCodecTest.missing;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What a connection and a call cannot be read without.
final class CallCodecTest {

  @Test
  void each_required_member_is_missed() {
    for (var name :
        List.of(
            "connection_id",
            "transport",
            "era",
            "status",
            "consecutive_failures",
            "last_heartbeat_ms",
            "updated_at_ms",
            "reason",
            "since_ms",
            "attempts",
            "losses",
            "losses_announced")) {
      missing(
          "connection_put",
          "{\"connection\":" + CONNECTION_JSON.replace("\"" + name + "\"", "\"other\"") + "}",
          name);
    }
    for (var name :
        List.of(
            "principal",
            "operation_id",
            "connection_id",
            "method",
            "class",
            "status",
            "order",
            "attempts",
            "accepted_at_ms",
            "updated_at_ms")) {
      missing(
          "call_accepted",
          "{\"call\":" + CALL_JSON.replace("\"" + name + "\"", "\"other\"") + "}",
          name);
    }
    missing("call_moved", "{}", "call");
    missing("call_forgotten", "{}", "call_id");
    missing("replay_dropped", "{\"connection_id\":\"files\"}", "let_go");
  }
}
