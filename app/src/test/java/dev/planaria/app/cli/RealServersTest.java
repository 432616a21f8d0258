package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.processes.NodeClients;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The reference servers behind Planaria answer every question as they do directly, and go on after
/// they, or the worker, were killed.
class RealServersTest {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /// Each server after its own kill and after the worker's.
  private static final int KILLS_OUTLIVED = 8;

  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(strings = {"ts1", "ts2", "ts2-modern"})
  @Timeout(180)
  void real_servers_answer_through_planaria_as_they_do_directly(String client) throws Exception {
    NodeClients node = NodeClients.ready();
    Path work = Files.createDirectory(scratch.resolve("work"));
    var command = new ArrayList<>(node.client("real-servers.mjs", client, work.toString()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx160m"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    try (WrappedDaemon _ = new WrappedDaemon(work.resolve("data"))) {
      NodeClients.Finished finished = NodeClients.run(command, scratch, PATIENCE);
      JsonObject found = Json.parseObject(finished.output().strip(), JsonLimits.OWN);
      System.out.println(client + ": compared " + text(found, "compared"));
      System.out.println(client + ": milliseconds " + text(found, "after"));
      assertThat(found.get("different"))
          .as(finished.errors())
          .isEqualTo(JsonArray.ofStrings(List.of()));
      assertThat(finished.status()).as(finished.errors()).isZero();
      assertThat(found.get("after"))
          .isInstanceOfSatisfying(
              JsonObject.class, after -> assertThat(after.members()).hasSize(KILLS_OUTLIVED));
    }
  }

  private static String text(JsonObject found, String member) {
    return Json.write(Objects.requireNonNull(found.get(member)));
  }
}
