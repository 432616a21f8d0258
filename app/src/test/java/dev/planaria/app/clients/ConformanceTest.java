package dev.planaria.app.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.clients.processes.AuthProxy;
import dev.planaria.app.clients.processes.DaemonProcess;
import dev.planaria.app.clients.processes.DaemonSetup;
import dev.planaria.app.clients.processes.NodeClients;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The official conformance suite against the daemon, in each revision's own wire form. Every
/// server scenario passes but those of [ConformanceExceptions]; one that newly fails turns this
/// red, and so does a listed one that passes by now.
class ConformanceTest {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /// `server-SCENARIO-TIME`, as the suite names the directories of its results.
  private static final Pattern RESULT = Pattern.compile("server-(.+)-\\d{4}-\\d\\d-\\d\\dT.*");

  @TempDir Path scratch;

  @ParameterizedTest
  @ValueSource(strings = {"2025-11-25", "2026-07-28"})
  @Timeout(300)
  void every_server_scenario_passes_that_needs_no_fixture(String revision) throws Exception {
    NodeClients node = NodeClients.ready();
    Path results = scratch.resolve("results");
    try (DaemonProcess daemon = DaemonProcess.start(DaemonSetup.whole(scratch));
        AuthProxy proxy = AuthProxy.start(node, daemon)) {
      NodeClients.Finished suite = run(node, proxy.url(), revision, results);
      Map<String, List<String>> failures = failures(results);
      assertThat(failures).as(suite.output() + suite.errors()).hasSizeGreaterThan(30);
      daemon.stop();
      Map<String, String> excepted = ConformanceExceptions.of(revision);
      long passed = failures.values().stream().filter(List::isEmpty).count();
      System.out.println(
          "conformance %s: %d of %d scenarios pass, %d exceptions are listed"
              .formatted(revision, passed, failures.size(), excepted.size()));
      assertThat(failing(failures, excepted))
          .as("what fails (expected: the exceptions, with their reasons)")
          .containsExactlyElementsOf(excepted.keySet());
    }
  }

  @Test
  @Timeout(300)
  void a_server_behind_planaria_loses_no_scenario() throws Exception {
    NodeClients node = NodeClients.ready();
    Path results = scratch.resolve("results");
    try (DaemonProcess daemon = DaemonProcess.start(DaemonSetup.whole(scratch));
        AuthProxy proxy = AuthProxy.start(node, daemon)) {
      bring(daemon, node.client("real/conformance-server.mjs"));
      URI behind = URI.create(proxy.url()).resolve("/s/suite/u/fixture/mcp");
      NodeClients.Finished suite = run(node, behind.toString(), "2025-11-25", results);
      Map<String, List<String>> failures = failures(results);
      assertThat(failures).as(suite.output() + suite.errors()).hasSizeGreaterThan(30);
      daemon.stop();
      System.out.println("conformance behind Planaria: " + failures.size() + " scenarios");
      assertThat(failures.values()).as(failures.toString()).allMatch(List::isEmpty);
    }
  }

  private static void bring(DaemonProcess daemon, List<String> command) throws Exception {
    JsonObject body =
        JsonObject.builder()
            .put("command", command.getFirst())
            .put("args", JsonArray.ofStrings(command.subList(1, command.size())))
            .put(
                "env",
                JsonObject.builder().put("PATH", String.valueOf(System.getenv("PATH"))).build())
            .build();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(daemon.url() + "/api/v1/upstreams/suite/fixture"))
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

  private NodeClients.Finished run(NodeClients node, String url, String revision, Path results)
      throws Exception {
    return NodeClients.run(
        node.tool(
            "conformance",
            "server",
            "--url",
            url,
            "--requirements",
            revision,
            "-o",
            results.toString()),
        scratch,
        PATIENCE);
  }

  /// For each scenario the ids of the checks that failed.
  private static Map<String, List<String>> failures(Path results) throws IOException {
    var failures = new TreeMap<String, List<String>>();
    try (var directories = Files.newDirectoryStream(results)) {
      for (Path directory : directories) {
        Matcher name = RESULT.matcher(String.valueOf(directory.getFileName()));
        if (name.matches()) {
          failures.put(name.group(1), failedChecks(directory.resolve("checks.json")));
        }
      }
    }
    return failures;
  }

  private static List<String> failedChecks(Path checks) throws IOException {
    var failed = new ArrayList<String>();
    JsonValue all = Json.parse(Files.readAllBytes(checks), JsonLimits.OWN);
    if (!(all instanceof JsonArray(List<JsonValue> items))) {
      throw new AssertionError(checks + " holds no checks");
    }
    for (JsonValue item : items) {
      if (item instanceof JsonObject check
          && new JsonString("FAILURE").equals(check.get("status"))
          && check.get("id") instanceof JsonString(String id)) {
        failed.add(id);
      }
    }
    return failed;
  }

  /// What fails, in the form of the exceptions: by check where exceptions are by check.
  private static Set<String> failing(
      Map<String, List<String>> failures, Map<String, String> excepted) {
    var failing = new TreeSet<String>();
    failures.forEach((scenario, checks) -> {
      boolean byCheck =
          excepted.keySet().stream().anyMatch(name -> name.startsWith(scenario + "/"));
      if (byCheck) {
        checks.forEach(check -> failing.add(scenario + "/" + check));
      } else if (!checks.isEmpty()) {
        failing.add(scenario);
      }
    });
    return failing;
  }
}
