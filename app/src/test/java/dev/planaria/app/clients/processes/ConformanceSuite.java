package dev.planaria.app.clients.processes;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The official conformance suite, each revision in its own wire form.
///
/// @param scratch a directory of this test's own
public record ConformanceSuite(NodeClients node, Path scratch) {

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /// `server-SCENARIO-TIME`, as the suite names the directories of its results; those of client
  /// scenarios begin with the scenario.
  private static final Pattern RESULT = Pattern.compile("(?:server-)?(.+)-\\d{4}-\\d\\d-\\d\\dT.*");

  /// A scenario in the suite's own list.
  private static final Pattern LISTED = Pattern.compile("  - (\\S+)");

  /// What came of a run.
  ///
  /// @param failures for each scenario the ids of the checks that failed
  /// @param successes for each scenario how many checks passed
  /// @param said what the suite said, for whoever has to find out what went wrong
  public record Results(
      Map<String, List<String>> failures, Map<String, Integer> successes, String said) {

    /// The scenarios that passed.
    public SortedSet<String> passed() {
      var passed = new TreeSet<String>();
      failures.forEach((scenario, checks) -> {
        if (checks.isEmpty()) {
          passed.add(scenario);
        }
      });
      return passed;
    }

    /// What failed, in the form of exceptions: by check, as `scenario/check`, where they are by
    /// check.
    public SortedSet<String> failing(Set<String> exceptions) {
      var failing = new TreeSet<String>();
      failures.forEach((scenario, checks) -> {
        if (exceptions.stream().anyMatch(name -> name.startsWith(scenario + "/"))) {
          checks.forEach(check -> failing.add(scenario + "/" + check));
        } else if (!checks.isEmpty()) {
          failing.add(scenario);
        }
      });
      return failing;
    }
  }

  /// Runs the server scenarios of a revision.
  public Results run(String url, String revision) throws IOException, InterruptedException {
    Path results = Files.createTempDirectory(scratch, "results");
    List<String> command =
        node.tool("conformance", "server", "--url", url, "--requirements", revision);
    var whole = new ArrayList<>(command);
    whole.addAll(List.of("-o", results.toString()));
    NodeClients.Finished suite = NodeClients.run(whole, scratch, PATIENCE);
    return read(results, suite.output() + suite.errors());
  }

  /// Runs one client scenario.
  ///
  /// @param command starts the client, given the suite's server as one word more
  public Results runClient(List<String> command, String scenario, String revision)
      throws IOException, InterruptedException {
    Path results = Files.createTempDirectory(scratch, "results");
    List<String> whole = new ArrayList<>(node.tool("conformance", "client"));
    whole.addAll(List.of("--command", String.join(" ", command), "--scenario", scenario));
    whole.addAll(List.of("--spec-version", revision, "-o", results.toString()));
    NodeClients.Finished suite = NodeClients.run(whole, scratch, PATIENCE);
    return read(results, suite.output() + suite.errors());
  }

  /// The server scenarios that a revision requires; the others are tried and not counted.
  public SortedSet<String> required(String revision) throws IOException, InterruptedException {
    NodeClients.Finished list =
        NodeClients.run(
            node.tool("conformance", "list", "--requirements", revision), scratch, PATIENCE);
    var required = new TreeSet<String>();
    list.output()
        .lines()
        .dropWhile(line -> !line.startsWith("Server scenarios"))
        .takeWhile(line -> !line.startsWith("Client scenarios"))
        .map(LISTED::matcher)
        .filter(Matcher::matches)
        .forEach(line -> required.add(line.group(1)));
    return required;
  }

  private static Results read(Path results, String said) throws IOException {
    var failures = new TreeMap<String, List<String>>();
    var successes = new TreeMap<String, Integer>();
    try (var directories = Files.newDirectoryStream(results)) {
      for (Path directory : directories) {
        Matcher name = RESULT.matcher(String.valueOf(directory.getFileName()));
        if (name.matches()) {
          Path checks = directory.resolve("checks.json");
          failures.put(name.group(1), checks(checks, "FAILURE"));
          successes.put(name.group(1), checks(checks, "SUCCESS").size());
        }
      }
    }
    return new Results(failures, successes, said);
  }

  /// The ids of the checks that came out so.
  private static List<String> checks(Path file, String status) throws IOException {
    var ids = new ArrayList<String>();
    JsonValue all = Json.parse(Files.readAllBytes(file), JsonLimits.OWN);
    if (!(all instanceof JsonArray(List<JsonValue> items))) {
      throw new AssertionError(file + " holds no checks");
    }
    for (JsonValue item : items) {
      if (item instanceof JsonObject check
          && new JsonString(status).equals(check.get("status"))
          && check.get("id") instanceof JsonString(String id)) {
        ids.add(id);
      }
    }
    return ids;
  }
}
