package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.processes.NodeClients;
import dev.planaria.app.gateway.replay.Profile;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The real `ruv-swarm` from npm behind Planaria, killed at random moments, and the daemon's
/// processes too: its agents, tasks and swarm are there ever after, under the ids that the client
/// was first given. Without any one of the things that bring that about they are not.
///
/// Full counts: `-Dplanaria.swarm.kills=10`.
@DisabledOnOs(OS.WINDOWS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RealSwarmTest {
  private static final int KILLS = Integer.getInteger("planaria.swarm.kills", 2);
  private static final Duration PATIENCE = Duration.ofMinutes(4).plusSeconds(60L * KILLS);

  /// The profile that is built in.
  private static final JsonObject BUILT_IN =
      JsonObject.builder().put("profile", "ruv-swarm").build();

  @TempDir Path scratch;

  /// What came of a run.
  ///
  /// @param status 0 when all was right
  private record Run(int status, JsonObject found, String errors) {
    JsonValue at(String member) {
      JsonValue value = found.get(member);
      assertThat(value).as(member + " in " + found).isNotNull();
      return value == null ? JsonObject.EMPTY : value;
    }

    /// The sum of an object's numbers.
    long sum(String member) {
      return at(member) instanceof JsonObject counts
          ? counts.members().values().stream().mapToLong(Run::number).sum()
          : 0;
    }

    private static long number(@Nullable JsonValue value) {
      Long number = value instanceof JsonNumber written ? written.toLong() : null;
      return number == null ? 0 : number;
    }
  }

  /// It runs first, and leaves data in the package, which nobody who comes after may find.
  @Test
  @Order(1)
  void used_directly_it_breaks_the_client_and_forgets() throws Exception {
    Run run = run("direct", null, KILLS, 0, true);
    assertThat(run.sum("kills")).as(run.errors()).isEqualTo(KILLS);
    assertThat(run.at("wrong")).isNotEqualTo(JsonArray.ofStrings(List.of()));
    assertThat(run.at("known"))
        .isInstanceOfSatisfying(
            JsonObject.class,
            known -> assertThat(Run.number(known.get("next call answered"))).isZero());
  }

  @ParameterizedTest
  @Order(2)
  @ValueSource(strings = {"stdio", "http"})
  void behind_planaria_it_comes_back_as_it_was_after_every_kill(String over) throws Exception {
    Run run = run(over, BUILT_IN, KILLS, KILLS, false);
    assertThat(run.at("wrong")).as(run.errors()).isEqualTo(JsonArray.ofStrings(List.of()));
    assertThat(run.at("orphans")).isEqualTo(JsonArray.ofStrings(List.of()));
    assertThat(run.status()).as(run.errors()).isZero();
    assertThat(run.sum("kills")).isEqualTo(2L * KILLS);
    assertThat(run.sum("inFlight")).as("kills that hit calls in flight").isPositive();
  }

  @Test
  @Order(3)
  void with_its_old_data_in_the_copy_it_comes_back_wrong() throws Exception {
    Run run = isWrong(with(new Profile.Fresh(true, List.of())), false);
    assertThat(Json.write(run.at("wrong"))).contains("at the beginning: how many swarms");
  }

  @Test
  @Order(4)
  void without_a_copy_it_comes_back_wrong() throws Exception {
    Run run = isWrong(with(Profile.Fresh.ALWAYS), true);
    assertThat(Json.write(run.at("wrong")))
        .doesNotContain("at the beginning")
        .contains("NOTE from Planaria: the server swarm was started anew");
  }

  private Run isWrong(JsonObject planaria, boolean clean) throws Exception {
    Run run = run("http", planaria, 1, 0, clean);
    assertThat(run.status()).isNotZero();
    assertThat(run.at("wrong")).isNotEqualTo(JsonArray.ofStrings(List.of()));
    assertThat(run.at("orphans")).isEqualTo(JsonArray.ofStrings(List.of()));
    return run;
  }

  private static JsonObject with(Profile.Fresh fresh) {
    Profile real = Profile.RUV_SWARM;
    return new Profile(
            real.replay(),
            real.ids(),
            real.idValues(),
            real.pace(),
            fresh,
            real.reset(),
            real.overwrites(),
            real.trust())
        .toJson();
  }

  private Run run(
      String over, @Nullable JsonObject planaria, int servers, int daemons, boolean clean)
      throws Exception {
    NodeClients node = NodeClients.ready();
    Path installed = node.swarm();
    Path work = Files.createTempDirectory(scratch.toRealPath(), over);
    long seed = Long.getLong("planaria.seed", System.nanoTime()) & Integer.MAX_VALUE;
    JsonObject options =
        JsonObject.builder()
            .put("over", over)
            .put("scratch", work.toString())
            .put("installed", installed.toString())
            .put("planaria", planaria)
            .put("servers", servers)
            .put("daemons", daemons)
            .put("seed", seed)
            .put("clean", clean)
            .build();
    var command = new ArrayList<>(node.client("swarm.mjs", Json.write(options)));
    command.add(work.resolve("planaria").toString());
    Files.writeString(work.resolve("planaria"), launcher());
    assertThat(work.resolve("planaria").toFile().setExecutable(true)).isTrue();
    try (WrappedDaemon _ = new WrappedDaemon(work.resolve("data"))) {
      NodeClients.Finished finished = NodeClients.run(command, scratch, PATIENCE);
      JsonObject found = Json.parseObject(finished.output().strip(), JsonLimits.OWN);
      System.out.println(over + ", seed " + seed + ": " + cut(Json.write(found)));
      return new Run(finished.status(), found, finished.errors());
    }
  }

  private static String cut(String text) {
    return text.length() <= 1_000 ? text : text.substring(0, 1_000) + "...";
  }

  /// The launcher's part that matters here: which main class a command starts.
  private static String launcher() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return "#!/bin/sh\nmain="
        + Main.class.getName()
        + "\nif [ \"$1\" = wrap ]; then main="
        + WrapMain.class.getName()
        + "; shift; fi\nexec '"
        + java
        + "' -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx160m --enable-native-access=ALL-UNNAMED"
        + " -cp '"
        + System.getProperty("java.class.path")
        + "' \"$main\" \"$@\"\n";
  }
}
