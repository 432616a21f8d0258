package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.processes.NodeClients;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The official TypeScript clients launch `planaria wrap`, and lose nothing when the daemon dies.
class WrapSdkTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(strings = {"ts1", "ts2", "ts2-modern"})
  @Timeout(180)
  void an_official_client_over_stdio_outlives_the_daemon(String client) throws Exception {
    NodeClients node = NodeClients.ready();
    Path data = scratch.resolve("data");
    var command =
        new ArrayList<>(
            node.client("wrap-stdio.mjs", client, data.toString(), "worker,front,both"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx96m"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(WrapMain.class.getName(), "--data", data.toString()));
    try (WrappedDaemon daemon = new WrappedDaemon(data)) {
      NodeClients.Finished finished = NodeClients.run(command, scratch, PATIENCE);
      System.out.println(client + ": " + finished.output().strip());
      assertThat(finished.status()).as(finished.errors()).isZero();
      JsonObject found = Json.parseObject(finished.output().strip(), JsonLimits.OWN);
      for (String count : List.of("answered", "tasks", "distinct")) {
        assertThat(text(found.get(count))).as(count).isEqualTo(text(found.get("total")));
      }
      assertThat(Integer.parseInt(text(found.get("hit")))).isPositive();
      daemon.stop();
    }
  }

  private static String text(@org.jspecify.annotations.Nullable JsonValue value) {
    return value == null ? "" : Json.write(value);
  }
}
