package dev.planaria.app.gateway.replay;

import dev.planaria.engine.journal.Hash;
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
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a run of calls shows of a server: where values first stood in results that later came back
/// in arguments. No value is kept, only where it stood, and a digest of it that nobody can make
/// without a key that is drawn for the run. Bounded; thread-safe.
public final class RunStudy {
  /// What an id may look like: one word with a digit in it.
  private static final Pattern ID = Pattern.compile("(?=.*\\d)\\S{4,200}");

  private static final Pattern TIME = Pattern.compile("\\d{4}-\\d{2}-\\d{2}([T ].*)?");

  /// Words of free text that could be ids.
  private static final Pattern WORD = Pattern.compile("[\\w.:/-]{4,200}");

  /// The last step to a number that may be an id.
  private static final Pattern ID_NAME = Pattern.compile("(?i)id|.*_id|.*[a-z]I[dD]");

  private static final int WORDS = 1_000;
  private static final int STEPS = 32;

  private final Limits limits;
  private final byte[] key;
  private final Map<String, Integer> times = new TreeMap<>();
  private final Map<String, JsonObject> declared = new HashMap<>();
  private final Map<Hash, Place> given = new HashMap<>();
  private final Map<Hash, String> mentioned = new HashMap<>();
  private final Set<Hash> asked = new HashSet<>();
  private final Set<Hash> cameBack = new HashSet<>();
  private final Set<Shape> shapes = new HashSet<>(List.of(Shape.values()));
  private final Map<Place, Found> places = new HashMap<>();
  private final Map<Flow, Integer> flows = new HashMap<>();
  private final Set<String> mentions = new HashSet<>();
  private final Set<Flow> numbers = new HashSet<>();
  private int values;
  private int failed;
  private int passedOver;
  private @Nullable String full;

  /// How much is kept of a run.
  ///
  /// @param calls that are looked at; a proposal needs dozens
  /// @param values of which digests are kept, some 100 bytes each
  /// @param places in results and arguments that are told apart
  /// @param messageCharacters longest parameters or result that are looked into
  public record Limits(int calls, int values, int places, int messageCharacters) {
    /// What holds unless somebody says otherwise: some 3 MB at the most.
    public static final Limits DEFAULT = new Limits(10_000, 20_000, 2_000, 1 << 20);
  }

  /// One call of the run.
  ///
  /// @param params the request's parameters as JSON text
  /// @param outcome its result as JSON text; null when the server refused it
  /// @param annotations what the server says of the tool; null when it says nothing
  public record Observed(
      String tool, String params, @Nullable String outcome, @Nullable JsonObject annotations) {}

  /// A known form of ids.
  enum Shape {
    MILLISECONDS("^[a-z_]+-\\d{10,}$"),
    UUID("(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$");

    private final Pattern pattern;

    Shape(String pattern) {
      this.pattern = Pattern.compile(pattern);
    }

    Pattern pattern() {
      return pattern;
    }

    boolean fits(String text) {
      return pattern.matcher(text).matches();
    }
  }

  /// Somewhere in the results of a tool, or in its arguments.
  record Place(String tool, IdPath path) {}

  /// From a result to arguments.
  record Flow(Place from, Place to) {}

  /// What stood at a place in results.
  ///
  /// @param values that could be ids
  /// @param fresh by shape: how many had it, and had not been in the arguments of the same call
  private record Found(Set<Hash> values, Map<Shape, Integer> fresh) {}

  /// @param limits how much is kept
  /// @param key a secret of this run
  public RunStudy(Limits limits, String key) {
    this.limits = limits;
    this.key = key.getBytes(StandardCharsets.UTF_8);
  }

  /// Looks at a call, unless the study is full.
  public synchronized void note(Observed call) {
    if (full != null) {
      return;
    }
    String outcome = call.outcome();
    if (outcome == null || ToolResult.of(outcome).failed()) {
      failed++;
      return;
    }
    if (times.values().stream().mapToInt(Integer::intValue).sum() >= limits.calls) {
      full = "calls is " + limits.calls;
      return;
    }
    if (call.params().length() > limits.messageCharacters
        || outcome.length() > limits.messageCharacters) {
      passedOver++;
      return;
    }
    JsonObject params;
    try {
      params = Json.parseObject(call.params(), JsonLimits.OWN);
    } catch (JsonSyntaxException unreadable) {
      passedOver++;
      return;
    }
    times.merge(call.tool(), 1, Integer::sum);
    if (call.annotations() != null) {
      declared.put(call.tool(), call.annotations());
    }
    new Look(call.tool()).at(params.get("arguments"), ToolResult.of(outcome));
  }

  /// A call was made that must not be looked at.
  public synchronized void passOver() {
    passedOver++;
  }

  /// Which named limit was reached, as `name is number`; null while there is room.
  public synchronized @Nullable String full() {
    return full;
  }

  /// How many calls were looked at.
  public synchronized int calls() {
    return times.values().stream().mapToInt(Integer::intValue).sum();
  }

  /// What is proposed on the strength of all this.
  ///
  /// @param present what is said of the server already; it is kept
  /// @param listed the tools that the server lists, with what it says of each; empty when it could
  ///   not be asked
  public synchronized ProfileProposal propose(Profile present, Map<String, JsonObject> listed) {
    var found = new TreeMap<String, List<Evidence>>();
    places.forEach((place, there) -> {
      boolean back = there.values.stream().anyMatch(cameBack::contains);
      Shape shape = shape();
      if (back || (shape != null && there.fresh.containsKey(shape))) {
        found
            .computeIfAbsent(place.tool, _ -> new ArrayList<>())
            .add(new Evidence(place.path, back, back ? backFrom(place) : List.of()));
      }
    });
    var hints = new HashMap<>(declared);
    hints.putAll(listed);
    return new ProposalDraft(
            present,
            new Shown(times, hints, listed, found, shape(), flows.keySet()),
            new Gaps(failed, passedOver, full, mentions, numbers))
        .proposal();
  }

  /// @param back true when a value of there came back in arguments; else it looks like those
  /// @param times where to and how often, when it was given there first
  record Evidence(IdPath path, boolean back, List<String> times) {}

  /// What was seen.
  ///
  /// @param times how often each tool was called
  /// @param hints what the server says of its tools
  /// @param listed tools that it lists
  /// @param ids by tool
  /// @param shape of all ids that came back, if they have one in common
  /// @param flows from results to arguments
  record Shown(
      Map<String, Integer> times,
      Map<String, JsonObject> hints,
      Map<String, JsonObject> listed,
      Map<String, List<Evidence>> ids,
      @Nullable Shape shape,
      Set<Flow> flows) {}

  /// What was not.
  record Gaps(
      int failed, int passedOver, @Nullable String full, Set<String> mentions, Set<Flow> numbers) {}

  private @Nullable Shape shape() {
    return cameBack.isEmpty() ? null : shapes.stream().sorted().findFirst().orElse(null);
  }

  private List<String> backFrom(Place place) {
    return flows.entrySet().stream()
        .filter(flow -> flow.getKey().from.equals(place))
        .map(flow ->
            "%s.%s %s"
                .formatted(
                    flow.getKey().to.tool,
                    String.join(".", flow.getKey().to.path.tokens()),
                    flow.getValue() == 1 ? "once" : flow.getValue() + " times"))
        .sorted()
        .toList();
  }

  private Hash digest(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] both = new byte[key.length + bytes.length];
    System.arraycopy(key, 0, both, 0, key.length);
    System.arraycopy(bytes, 0, both, key.length, bytes.length);
    return Hash.sha256(both);
  }

  private boolean hasRoom() {
    if (values >= limits.values) {
      full = "values is " + limits.values;
    } else if (places.size() + flows.size() >= limits.places) {
      full = "places is " + limits.places;
    } else {
      values++;
      return true;
    }
    return false;
  }

  private static boolean looksLikeId(String text) {
    return ID.matcher(text).matches() && !TIME.matcher(text).matches();
  }

  /// One look at one call.
  private final class Look {
    private final String tool;
    private final Set<Hash> askedNow = new HashSet<>();

    Look(String tool) {
      this.tool = tool;
    }

    void at(@Nullable JsonValue arguments, ToolResult result) {
      if (arguments != null) {
        walk(arguments, new ArrayList<>(), this::argument);
      }
      walk(result.content(), new ArrayList<>(), this::result);
      Matcher words = WORD.matcher(result.freeText());
      for (int i = 0; i < WORDS && words.find(); i++) {
        if (looksLikeId(words.group())) {
          Hash digest = digest(words.group());
          if (!asked.contains(digest) && !given.containsKey(digest) && hasRoom()) {
            mentioned.putIfAbsent(digest, tool);
          }
        }
      }
    }

    private void argument(List<String> path, JsonValue leaf) {
      if (path.size() > STEPS) {
        return;
      }
      switch (leaf) {
        case JsonString(var text) when looksLikeId(text) -> {
          Hash digest = digest(text);
          askedNow.add(digest);
          Place from = given.get(digest);
          if (from != null) {
            cameBack.add(digest);
            shapes.removeIf(shape -> !shape.fits(text));
            flow(new Flow(from, new Place(tool, new IdPath(path))));
          } else if (mentioned.containsKey(digest)) {
            mentions.add(mentioned.get(digest) + " " + tool);
          }
          remember(digest);
        }
        case JsonNumber(var text) when isId(path) -> {
          Hash digest = digest("#" + text);
          Place from = given.get(digest);
          if (from != null && numbers.size() < limits.places) {
            numbers.add(new Flow(from, new Place(tool, new IdPath(path))));
          }
          remember(digest);
        }
        case JsonValue _ -> {}
      }
    }

    private void remember(Hash digest) {
      if (!asked.contains(digest) && hasRoom()) {
        asked.add(digest);
      }
    }

    private void flow(Flow flow) {
      if (flows.containsKey(flow) || hasRoom()) {
        flows.merge(flow, 1, Integer::sum);
      }
    }

    private void result(List<String> path, JsonValue leaf) {
      if (path.size() > STEPS || path.stream().anyMatch(RunStudy::isNamedById)) {
        return;
      }
      switch (leaf) {
        case JsonString(var text) when looksLikeId(text) -> found(path, text);
        case JsonNumber(var text) when isId(path) -> {
          Hash digest = digest("#" + text);
          if (!asked.contains(digest) && !given.containsKey(digest) && hasRoom()) {
            given.put(digest, new Place(tool, new IdPath(path)));
          }
        }
        case JsonValue _ -> {}
      }
    }

    private void found(List<String> path, String text) {
      Hash digest = digest(text);
      var place = new Place(tool, new IdPath(path));
      if (!asked.contains(digest) && !given.containsKey(digest) && hasRoom()) {
        given.put(digest, place);
      }
      Found there = places.get(place);
      if (there == null) {
        if (!hasRoom()) {
          return;
        }
        there = new Found(new HashSet<>(), new HashMap<>());
        places.put(place, there);
      }
      if (!there.values.contains(digest) && hasRoom()) {
        there.values.add(digest);
      }
      for (Shape shape : Shape.values()) {
        if (shape.fits(text) && !askedNow.contains(digest)) {
          there.fresh.merge(shape, 1, Integer::sum);
        }
      }
    }
  }

  /// A member whose name is an id itself: no path leads to what stands there in the next life.
  private static boolean isNamedById(String step) {
    return Shape.MILLISECONDS.fits(step) || Shape.UUID.fits(step);
  }

  private static boolean isId(List<String> path) {
    return !path.isEmpty() && ID_NAME.matcher(path.getLast()).matches();
  }

  private interface Leaves {
    void leaf(List<String> path, JsonValue value);
  }

  private static void walk(JsonValue value, List<String> path, Leaves leaves) {
    switch (value) {
      case JsonObject(var members) ->
          members.forEach((name, member) -> {
            path.add(name);
            walk(member, path, leaves);
            path.removeLast();
          });
      case JsonArray(var items) -> {
        path.add(JsonText.ELEMENT);
        items.forEach(item -> walk(item, path, leaves));
        path.removeLast();
      }
      case JsonString _, JsonNumber _ -> leaves.leaf(path, value);
      case JsonBoolean _, JsonNull _ -> {}
    }
  }
}
