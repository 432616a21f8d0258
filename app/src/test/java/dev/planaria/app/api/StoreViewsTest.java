package dev.planaria.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.Era;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.Transport;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What of the journal is shown, and what is not.
class StoreViewsTest {

  @Test
  void what_a_server_calls_its_clients_session_is_not_shown() {
    Connection plain = Connection.of("web", Transport.STREAMABLE_HTTP, Era.LEGACY, 1);
    Connection connection = plain.remembering(plain.memory().inSession("secret-4711"), 2);
    byte[] body = OperationCodec.encode(new Operation.ConnectionPut(connection));
    assertThat(new String(body, StandardCharsets.UTF_8)).contains("secret-4711");
    Hash hash = Hash.sha256(body);
    var entry =
        new Entry(
            new SessionId(new UUID(0x7000, 1L << 63)),
            1,
            1,
            1,
            hash,
            "p",
            "o",
            "connection_put",
            body,
            hash);
    assertThat(Json.write(StoreViews.entry(entry)))
        .contains("\"connection_id\":\"web\"")
        .doesNotContain("secret-4711");
  }
}
