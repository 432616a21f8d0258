package dev.planaria.app.gateway.replay;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A profile that is proposed for a server from what was seen of it: a starting point that a person
/// reads, corrects and writes into the servers file. Pure.
///
/// @param profile the proposal
/// @param notes why it is so, and what to check; each a sentence
public record ProfileProposal(Profile profile, List<String> notes) {

  private static final Pattern MILLISECONDS = Pattern.compile("^[a-z_]+-\\d{10,}$");
  private static final Pattern UUID =
      Pattern.compile("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", Pattern.CASE_INSENSITIVE);
  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d{2}-\\d{2}([T ].*)?");
  private static final Pattern ID = Pattern.compile("(?=.*\\d)\\S{4,200}");

  /// Words in the names of tools that only look.
  private static final Set<String> LOOKS =
      Set.of(
          "get",
          "list",
          "read",
          "show",
          "find",
          "search",
          "query",
          "describe",
          "status",
          "info",
          "metrics",
          "results",
          "monitor",
          "health",
          "stats",
          "detect",
          "usage");

  /// Copies the list.
  public ProfileProposal {
    notes = List.copyOf(notes);
  }

  /// One call of the run.
  ///
  /// @param params the request's parameters as JSON text
  /// @param outcome its result as JSON text
  /// @param annotations what the server says of the tool; null when it says nothing
  public record Observed(
      String tool, String params, String outcome, @Nullable JsonObject annotations) {}

  /// What a run tells.
  ///
  /// @param run its calls, in the order in which they were made
  public static ProfileProposal of(List<Observed> run) {
    return new Study(run).propose();
  }

  /// One look at a run. Not thread-safe.
  private static final class Study {
    private final List<Observed> run;
    private final List<String> notes = new ArrayList<>();
    private final Set<String> looking = new TreeSet<>();
    private final Set<String> building = new TreeSet<>();

    Study(List<Observed> run) {
      this.run = run.stream().filter(call -> !ToolResult.of(call.outcome()).failed()).toList();
    }

    ProfileProposal propose() {
      run.forEach(this::sort);
      Set<String> ids = idsThatComeBack();
      Pattern shape = shape(ids);
      Map<String, List<IdPath>> paths = paths(ids, shape);
      building.stream()
          .filter(tool -> !paths.containsKey(tool))
          .forEach(tool -> notes.add(tool + " gave no id that was used afterwards"));
      boolean milliseconds = shape == MILLISECONDS;
      if (milliseconds) {
        notes.add(
            "its ids look as if they were made of milliseconds: calls are kept 12 ms apart, so that"
                + " no two are the same");
      }
      return new ProfileProposal(
          new Profile(
              building,
              paths,
              shape,
              milliseconds ? new Profile.Pace(1, 12) : Profile.Pace.FREE,
              Profile.Fresh.ALWAYS,
              Set.of(),
              Map.of(),
              new Profile.Trust(false, looking, Set.of(), Map.of())),
          notes);
    }

    /// Whether a tool builds up state: the server's word where there is one, else its name.
    private void sort(Observed call) {
      if (looking.contains(call.tool()) || building.contains(call.tool())) {
        return;
      }
      JsonObject hints = call.annotations();
      if (hints != null && hints.get("readOnlyHint") instanceof JsonBoolean(var reads)) {
        (reads ? looking : building).add(call.tool());
        notes.add(
            call.tool()
                + (reads ? " changes nothing" : " builds up state")
                + ": the server says so");
      } else if (Stream.of(call.tool().toLowerCase(Locale.ROOT).split("[^a-z0-9]+", -1))
          .anyMatch(LOOKS::contains)) {
        looking.add(call.tool());
        notes.add(call.tool() + " seems to change nothing, by its name alone: check that");
      } else {
        building.add(call.tool());
        notes.add(
            call.tool() + " may build up state, since nothing says that it does not: check that");
      }
    }

    /// Values that a result gave first and a later call's arguments named.
    private Set<String> idsThatComeBack() {
      Set<String> asked = new HashSet<>();
      Set<String> given = new HashSet<>();
      Set<String> ids = new TreeSet<>();
      for (Observed call : run) {
        arguments(
            call,
            (_, text) -> {
              if (given.contains(text)) {
                ids.add(text);
              }
              asked.add(text);
            });
        leaves(
            ToolResult.of(call.outcome()).content(),
            (_, text) -> {
              if (!asked.contains(text) && looksLikeId(text)) {
                given.add(text);
              }
            });
      }
      return ids;
    }

    private static boolean looksLikeId(String text) {
      return ID.matcher(text).matches() && !TIME.matcher(text).matches();
    }

    private static @Nullable Pattern shape(Set<String> ids) {
      if (ids.isEmpty()) {
        return null;
      }
      return Stream.of(MILLISECONDS, UUID)
          .filter(shape -> ids.stream().allMatch(id -> shape.matcher(id).matches()))
          .findFirst()
          .orElse(null);
    }

    /// Where ids stand in the results of the tools that build up state: those that came back, and
    /// those that look the same.
    private Map<String, List<IdPath>> paths(Set<String> ids, @Nullable Pattern shape) {
      var found = new TreeMap<String, Set<List<String>>>();
      for (Observed call : run) {
        if (building.contains(call.tool())) {
          Set<String> asked = new HashSet<>();
          arguments(call, (_, text) -> asked.add(text));
          leaves(
              ToolResult.of(call.outcome()).content(),
              (path, text) -> {
                boolean same = shape != null && shape.matcher(text).matches();
                if (ids.contains(text) || (same && !asked.contains(text))) {
                  found.computeIfAbsent(call.tool(), _ -> new HashSet<>()).add(List.copyOf(path));
                }
              });
        }
      }
      var paths = new TreeMap<String, List<IdPath>>();
      found.forEach((tool, tokens) ->
          paths.put(
              tool,
              tokens.stream()
                  .map(IdPath::new)
                  .sorted((one, other) -> one.toString().compareTo(other.toString()))
                  .toList()));
      return paths;
    }

    private static void arguments(Observed call, BiConsumer<List<String>, String> each) {
      try {
        JsonValue arguments = Json.parseObject(call.params(), JsonLimits.OWN).get("arguments");
        if (arguments != null) {
          leaves(arguments, each);
        }
      } catch (JsonSyntaxException unreadable) {
        // A call whose arguments cannot be read tells nothing.
      }
    }

    private static void leaves(JsonValue value, BiConsumer<List<String>, String> each) {
      walk(value, new ArrayList<>(), each);
    }

    private static void walk(
        JsonValue value, List<String> path, BiConsumer<List<String>, String> each) {
      switch (value) {
        case JsonObject(var members) ->
            members.forEach((name, member) -> {
              path.add(name);
              walk(member, path, each);
              path.removeLast();
            });
        case JsonArray(var items) -> {
          path.add(JsonText.ELEMENT);
          items.forEach(item -> walk(item, path, each));
          path.removeLast();
        }
        case JsonString(var text) -> each.accept(path, text);
        case JsonNumber _, JsonBoolean _, JsonNull _ -> {}
      }
    }
  }
}
