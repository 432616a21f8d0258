package dev.planaria.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.fixture.ConformanceServerMain;
import dev.planaria.app.clients.processes.AuthProxy;
import dev.planaria.app.clients.processes.ConformanceSuite;
import dev.planaria.app.clients.processes.DaemonProcess;
import dev.planaria.app.clients.processes.DaemonSetup;
import dev.planaria.app.clients.processes.FixtureServer;
import dev.planaria.app.clients.processes.JavaClients;
import dev.planaria.app.clients.processes.NodeClients;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The official conformance suite against servers behind Planaria: in their own era they lose
/// nothing that they can directly; in the other one they lose what [ConformanceExceptions] lists.
class RelayedConformanceTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String LEGACY = "2025-11-25";
  private static final String MODERN = "2026-07-28";

  /// What the suite tries of clients and that needs no authorization, with the number of its
  /// checks.
  private static final Map<String, Integer> LEGACY_CLIENT =
      Map.of(
          "initialize", 1,
          "tools_call", 2,
          "elicitation-sep1034-client-defaults", 5,
          "sse-retry", 3,
          "json-schema-2020-12-preservation", 9);

  private static final Map<String, Integer> MODERN_CLIENT =
      Map.of(
          "tools_call", 2,
          "request-metadata", 8,
          "sep-2322-client-request-state", 5,
          "http-standard-headers", 9,
          "http-custom-headers", 18,
          "http-invalid-tool-headers", 12,
          "json-schema-ref-no-deref", 1,
          "json-schema-2020-12-preservation", 9);

  @TempDir Path scratch;

  /// The servers.
  enum Fixture {
    TYPESCRIPT_2,
    JAVA_SDK;

    List<String> revisions() {
      return switch (this) {
        case TYPESCRIPT_2 -> List.of(LEGACY, MODERN);
        case JAVA_SDK -> List.of(LEGACY);
      };
    }

    List<String> command(NodeClients node) {
      return switch (this) {
        case TYPESCRIPT_2 -> node.client("real/conformance-server.mjs");
        case JAVA_SDK -> JavaClients.command(ConformanceServerMain.class.getName());
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(400)
  void a_server_behind_planaria_loses_no_scenario(Fixture fixture) throws Exception {
    NodeClients node = NodeClients.ready();
    var suite = new ConformanceSuite(node, scratch);
    List<String> command = fixture.command(node);
    try (FixtureServer server = FixtureServer.start(command, scratch);
        DaemonProcess daemon = DaemonProcess.start(DaemonSetup.whole(scratch));
        AuthProxy proxy = AuthProxy.start(node, daemon)) {
      for (String revision : fixture.revisions()) {
        // One that speaks both eras is otherwise spoken to in the modern one.
        String era = revision.equals(MODERN) ? "modern" : "legacy";
        bring(daemon, "stdio-" + era, era, child(command));
        bring(daemon, "http-" + era, era, remote(server.url()));
        SortedSet<String> required = suite.required(revision);
        ConformanceSuite.Results direct = suite.run(server.url(), revision);
        assertThat(direct.passed()).as(direct.said()).containsAll(required);
        for (String way : List.of("stdio", "http")) {
          ConformanceSuite.Results relayed = suite.run(behind(proxy, way + "-" + era), revision);
          tell(fixture + " over " + way, revision, required, relayed);
          assertThat(lost(direct, relayed)).as(relayed.said()).isEmpty();
        }
      }
      daemon.stop();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(400)
  void of_the_other_era_a_server_keeps_what_is_bridged(Fixture fixture) throws Exception {
    NodeClients node = NodeClients.ready();
    var suite = new ConformanceSuite(node, scratch);
    try (DaemonProcess daemon = DaemonProcess.start(DaemonSetup.whole(scratch));
        AuthProxy proxy = AuthProxy.start(node, daemon)) {
      boolean modern = fixture.revisions().contains(MODERN);
      String revision = modern ? LEGACY : MODERN;
      bring(daemon, "other", modern ? "modern" : "legacy", child(fixture.command(node)));
      ConformanceSuite.Results relayed = suite.run(behind(proxy, "other"), revision);
      tell(fixture + ", of the other era", revision, suite.required(revision), relayed);
      Set<String> excepted = ConformanceExceptions.ofOtherEra(revision).keySet();
      assertThat(relayed.failing(excepted))
          .as("what fails (expected: the exceptions)\n" + relayed.said())
          .containsExactlyElementsOf(excepted);
      daemon.stop();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {LEGACY, MODERN})
  @Timeout(400)
  void as_a_client_of_servers_planaria_passes_every_check(String revision) throws Exception {
    NodeClients node = NodeClients.ready();
    var suite = new ConformanceSuite(node, scratch);
    Map<String, Integer> wanted = revision.equals(LEGACY) ? LEGACY_CLIENT : MODERN_CLIENT;
    var passed = new TreeMap<String, Integer>();
    try (DaemonProcess daemon = DaemonProcess.start(DaemonSetup.whole(scratch))) {
      List<String> client =
          node.client(
              "real/conformance-client.mjs",
              daemon.url().toString(),
              daemon.setup().data().toString());
      for (String scenario : wanted.keySet()) {
        ConformanceSuite.Results results = suite.runClient(client, scenario, revision);
        for (int more = triesMore(scenario); more > 0 && !isWhole(results, wanted); more--) {
          results = suite.runClient(client, scenario, revision);
        }
        assertThat(results.failing(Set.of())).as(results.said()).isEmpty();
        passed.putAll(results.successes());
      }
      daemon.stop();
    }
    System.out.println("conformance of Planaria as a client, %s: %s".formatted(revision, passed));
    assertThat(passed).containsExactlyInAnyOrderEntriesOf(wanted);
  }

  /// This one looks at the clock, and a busy machine is late.
  private static int triesMore(String scenario) {
    return scenario.equals("sse-retry") ? 2 : 0;
  }

  private static boolean isWhole(ConformanceSuite.Results results, Map<String, Integer> wanted) {
    return wanted.entrySet().containsAll(results.successes().entrySet());
  }

  private static SortedSet<String> lost(
      ConformanceSuite.Results direct, ConformanceSuite.Results relayed) {
    var lost = new TreeSet<>(direct.passed());
    lost.removeAll(relayed.passed());
    return lost;
  }

  private static void tell(
      String who, String revision, SortedSet<String> required, ConformanceSuite.Results relayed) {
    var kept = new TreeSet<>(required);
    kept.retainAll(relayed.passed());
    System.out.println(
        "conformance of %s, %s: behind Planaria %d of %d required, %d of %d in all"
            .formatted(
                who,
                revision,
                kept.size(),
                required.size(),
                relayed.passed().size(),
                relayed.failures().size()));
  }

  private static String behind(AuthProxy proxy, String name) {
    return URI.create(proxy.url()).resolve("/s/suite/u/" + name + "/mcp").toString();
  }

  private static JsonObject.Builder child(List<String> command) {
    JsonObject environment =
        JsonObject.builder()
            .put("PATH", Objects.requireNonNullElse(System.getenv("PATH"), ""))
            .build();
    return JsonObject.builder()
        .put("command", command.getFirst())
        .put("args", JsonArray.ofStrings(command.subList(1, command.size())))
        .put("env", environment);
  }

  private static JsonObject.Builder remote(String url) {
    return JsonObject.builder().put("type", "http").put("url", url);
  }

  private static void bring(
      DaemonProcess daemon, String name, String era, JsonObject.Builder server) throws Exception {
    JsonObject body = server.put("planaria", JsonObject.builder().put("era", era).build()).build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(daemon.url() + "/api/v1/upstreams/suite/" + name))
            .header("Authorization", "Bearer " + daemon.token())
            .header("Content-Type", "application/json")
            .timeout(PATIENCE)
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.writeBytes(body)))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
  }
}
