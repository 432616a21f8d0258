package dev.planaria.app.gateway.replay;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Reads and writes profiles as JSON.
final class ProfileReader {

  private static final int NAMES = 1_000;

  /// Most paths of one tool.
  static final int PATHS = 100;

  private static final int NAME_CHARACTERS = 256;
  private static final int TEXT_CHARACTERS = 1_000;
  private static final int MOST_IN_FLIGHT = 1_000;
  private static final long LONGEST_GAP_MILLIS = 60_000;

  private ProfileReader() {}

  /// True when a tool of that name can stand in a profile.
  static boolean isName(String tool) {
    return !tool.isEmpty() && tool.codePointCount(0, tool.length()) <= NAME_CHARACTERS;
  }

  /// True when a path can stand in a profile and be read again as the same.
  static boolean isPath(IdPath path) {
    String pointer = path.toString();
    return !pointer.isEmpty()
        && pointer.length() <= TEXT_CHARACTERS
        && IdPath.parse(pointer).equals(path);
  }

  /// The member `planaria` of a server's entry.
  static Profile read(JsonObject planaria) {
    Fields fields = Fields.of(planaria);
    Profile base = profile(fields);
    Boolean hints = fields.optionalBoolean("trust_hints");
    Set<String> readOnly = names(fields, "read_only");
    readOnly.addAll(base.trust().readOnly());
    Set<String> idempotent = names(fields, "idempotent");
    idempotent.addAll(base.trust().idempotent());
    Map<String, List<IdPath>> sensitive = paths(fields, "sensitive");
    base.trust().sensitive().forEach(sensitive::putIfAbsent);
    return new Profile(
        base.replay(),
        base.ids(),
        base.idValues(),
        base.pace(),
        base.fresh(),
        base.reset(),
        base.overwrites(),
        new Profile.Trust(
            Objects.requireNonNullElse(hints, false), readOnly, idempotent, sensitive));
  }

  private static Profile profile(Fields planaria) {
    return switch (planaria.optionalValue("profile")) {
      case null -> Profile.NONE;
      case JsonString(var name) -> {
        Profile builtIn = Profile.BUILT_IN.get(name);
        if (builtIn == null) {
          throw new FieldException(
              "profile",
              "must be an object or the name of a profile that is built in: "
                  + String.join(", ", Profile.BUILT_IN.keySet()));
        }
        yield builtIn;
      }
      case JsonValue _ -> {
        Fields own = planaria.optionalFields("profile");
        yield own == null ? Profile.NONE : own(own);
      }
    };
  }

  private static Profile own(Fields fields) {
    Set<String> replay = names(fields, "replay");
    Map<String, List<IdPath>> ids = paths(fields, "ids");
    for (String tool : ids.keySet()) {
      if (!replay.contains(tool)) {
        throw new FieldException(
            "profile.ids", "names " + shown(tool) + ", which `profile.replay` does not");
      }
    }
    Integer maxInFlight = fields.optionalInt("max_in_flight", 0, MOST_IN_FLIGHT);
    Long gapMillis = fields.optionalLong("gap_ms", 0, LONGEST_GAP_MILLIS);
    Boolean privateCopy = fields.optionalBoolean("private_copy");
    List<String> files = texts(fields, "before_replay", TEXT_CHARACTERS);
    files.forEach(ProfileReader::requireInside);
    boolean copied = Objects.requireNonNullElse(privateCopy, false);
    if (!files.isEmpty() && !copied) {
      throw new FieldException(
          "profile.before_replay", "deletes files of the private copy; set `private_copy`");
    }
    var profile =
        new Profile(
            replay,
            ids,
            pattern(fields),
            new Profile.Pace(
                Objects.requireNonNullElse(maxInFlight, 0),
                Objects.requireNonNullElse(gapMillis, 0L)),
            new Profile.Fresh(copied, files),
            names(fields, "reset"),
            paths(fields, "overwrites"),
            Profile.Trust.NONE);
    fields.refuseUnknown();
    return profile;
  }

  private static @Nullable Pattern pattern(Fields fields) {
    String text = fields.optionalText("id_values", TEXT_CHARACTERS);
    try {
      return text == null ? null : Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      throw new FieldException(
          "profile.id_values", "must be a regular expression: " + e.getDescription());
    }
  }

  private static void requireInside(String file) {
    boolean outside =
        file.startsWith("/")
            || file.contains("\\")
            || file.indexOf('\0') >= 0
            || List.of(file.split("/", -1)).stream()
                .anyMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
    if (outside) {
      throw new FieldException(
          "profile.before_replay", "must name files inside the private copy, like data/x.db");
    }
  }

  private static Set<String> names(Fields fields, String name) {
    return new HashSet<>(texts(fields, name, NAME_CHARACTERS));
  }

  private static List<String> texts(Fields fields, String name, int characters) {
    return Objects.requireNonNullElse(
        fields.optionalTexts(name, NAMES, characters), List.<String>of());
  }

  private static Map<String, List<IdPath>> paths(Fields fields, String name) {
    var paths = new HashMap<String, List<IdPath>>();
    Fields tools = fields.optionalFields(name);
    JsonObject object = fields.optionalObject(name);
    if (tools == null || object == null) {
      return paths;
    }
    if (object.members().size() > NAMES) {
      throw new FieldException(name, "must name at most " + NAMES + " tools");
    }
    for (String tool : object.members().keySet()) {
      List<IdPath> parsed = new ArrayList<>();
      for (String pointer :
          Objects.requireNonNullElse(
              tools.optionalTexts(tool, PATHS, TEXT_CHARACTERS), List.<String>of())) {
        try {
          parsed.add(IdPath.parse(pointer));
        } catch (IllegalArgumentException e) {
          throw new FieldException(
              name + "." + shown(tool),
              Objects.requireNonNullElse(e.getMessage(), "is no pointer"));
        }
      }
      paths.put(tool, List.copyOf(parsed));
    }
    return paths;
  }

  private static String shown(String tool) {
    String cut = tool.length() <= 64 ? tool : tool.substring(0, 64) + "...";
    return cut.replaceAll("[^ -~]", "?");
  }

  /// A profile as an operator would write it: the member `planaria`.
  static JsonObject write(Profile profile) {
    var own = JsonObject.builder();
    names(own, "replay", profile.replay());
    paths(own, "ids", profile.ids());
    own.put("id_values", profile.idValues() == null ? null : profile.idValues().pattern());
    if (!profile.pace().equals(Profile.Pace.FREE)) {
      own.put("max_in_flight", profile.pace().maxInFlight())
          .put("gap_ms", profile.pace().gapMillis());
    }
    if (profile.fresh().privateCopy()) {
      own.put("private_copy", true);
      names(own, "before_replay", profile.fresh().beforeReplay());
    }
    names(own, "reset", profile.reset());
    paths(own, "overwrites", profile.overwrites());
    var out = JsonObject.builder().put("profile", own.build());
    if (profile.trust().hints()) {
      out.put("trust_hints", true);
    }
    names(out, "read_only", profile.trust().readOnly());
    names(out, "idempotent", profile.trust().idempotent());
    paths(out, "sensitive", profile.trust().sensitive());
    return out.build();
  }

  private static void names(
      JsonObject.Builder out, String name, java.util.Collection<String> names) {
    if (!names.isEmpty()) {
      out.put(name, JsonArray.ofStrings(names.stream().sorted().toList()));
    }
  }

  private static void paths(JsonObject.Builder out, String name, Map<String, List<IdPath>> paths) {
    if (!paths.isEmpty()) {
      var tools = JsonObject.builder();
      paths.keySet().stream()
          .sorted()
          .forEach(tool ->
              tools.put(
                  tool,
                  JsonArray.ofStrings(
                      Objects.requireNonNull(paths.get(tool)).stream()
                          .map(IdPath::toString)
                          .toList())));
      out.put(name, tools.build());
    }
  }
}
