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

  /// `server-SCENARIO-TIME`, as the suite names the directories of its results.
  private static final Pattern RESULT = Pattern.compile("server-(.+)-\\d{4}-\\d\\d-\\d\\dT.*");

  /// A scenario in the suite's own list.
  private static final Pattern LISTED = Pattern.compile("  - (\\S+)");

  /// What came of a run.
  ///
  /// @param failures for each scenario the ids of the checks that failed
  /// @param said what the suite said, for whoever has to find out what went wrong
  public record Results(Map<String, List<String>> failures, String said) {

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
    return new Results(failures(results), suite.output() + suite.errors());
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
}
