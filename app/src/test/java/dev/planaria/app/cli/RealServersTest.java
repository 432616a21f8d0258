package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.processes.Chromium;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The reference servers, and Playwright's, behind Planaria answer every question as they do
/// directly, and go on after they, or the worker, were killed.
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
    JsonObject found = compare(node.client("real-servers.mjs", client, work.toString()), work);
    System.out.println(client + ": compared " + text(found, "compared"));
    System.out.println(client + ": milliseconds " + text(found, "after"));
    assertThat(found.get("after"))
        .isInstanceOfSatisfying(
            JsonObject.class, after -> assertThat(after.members()).hasSize(KILLS_OUTLIVED));
  }

  @Test
  @Timeout(400)
  void a_browser_shows_the_page_again_when_its_server_was_killed() throws Exception {
    NodeClients node = NodeClients.ready();
    Path browser = Chromium.ready(scratch);
    Path work = Files.createDirectory(scratch.resolve("work"));
    JsonObject found =
        compare(node.client("real-browser.mjs", "ts2", work.toString(), browser.toString()), work);
    System.out.println("playwright: " + Json.write(found));
    assertThat(text(found, "tools")).as("tools").isEqualTo("25");
    assertThat(found.get("after"))
        .isInstanceOfSatisfying(JsonObject.class, after -> assertThat(after.members()).hasSize(2));
  }

  /// Runs a comparison that starts Planaria itself, and expects that nothing differs.
  private JsonObject compare(List<String> script, Path work) throws Exception {
    var command = new ArrayList<>(script);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx160m"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    try (WrappedDaemon _ = new WrappedDaemon(work.resolve("data"))) {
      NodeClients.Finished finished = NodeClients.run(command, scratch, PATIENCE);
      JsonObject found = Json.parseObject(finished.output().strip(), JsonLimits.OWN);
      assertThat(found.get("different"))
          .as(finished.errors())
          .isEqualTo(JsonArray.ofStrings(List.of()));
      assertThat(finished.status()).as(finished.errors()).isZero();
      return found;
    }
  }

  private static String text(JsonObject found, String member) {
    return Json.write(Objects.requireNonNull(found.get(member)));
  }
}
