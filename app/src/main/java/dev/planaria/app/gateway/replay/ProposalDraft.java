package dev.planaria.app.gateway.replay;

import dev.planaria.app.gateway.replay.ProfileProposal.Reason;
import dev.planaria.app.gateway.replay.RunStudy.Evidence;
import dev.planaria.app.gateway.replay.RunStudy.Flow;
import dev.planaria.app.gateway.replay.RunStudy.Gaps;
import dev.planaria.app.gateway.replay.RunStudy.Shape;
import dev.planaria.app.gateway.replay.RunStudy.Shown;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A proposal while it is made from what a run has shown. Not thread-safe; lives for one proposal.
final class ProposalDraft {
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

  private final Profile present;
  private final Shown shown;
  private final Gaps gaps;
  private final List<Reason> reasons = new ArrayList<>();
  private final List<String> unknowns = new ArrayList<>();
  private final Set<String> looking = new TreeSet<>();
  private final Set<String> building = new TreeSet<>();
  private final Set<String> twice = new TreeSet<>();

  ProposalDraft(Profile present, Shown shown, Gaps gaps) {
    this.present = present;
    this.shown = shown;
    this.gaps = gaps;
  }

  ProfileProposal proposal() {
    if (gaps.full() != null) {
      unknowns.add(
          "the recording is full (" + gaps.full() + "): what came after was not looked at");
    }
    present.replay().stream().sorted().forEach(tool -> build(tool, "your profile has it already"));
    shown.times().keySet().stream().filter(ProfileReader::isName).forEach(this::sort);
    shown.hints().keySet().stream().filter(ProfileReader::isName).sorted().forEach(this::believe);
    Map<String, List<IdPath>> ids = ids();
    tellOfIds(ids.keySet());
    tellOfTools();
    Pattern idValues = idValues(!ids.isEmpty());
    Profile.Pace pace = pace();
    var profile =
        new Profile(
            building,
            ids,
            idValues,
            pace,
            present.fresh(),
            present.reset(),
            present.overwrites(),
            new Profile.Trust(
                present.trust().hints(),
                looking,
                union(present.trust().idempotent(), twice),
                present.trust().sensitive()));
    reasons.sort(Comparator.comparingInt(reason -> ORDER.indexOf(reason.member())));
    return new ProfileProposal(profile, reasons, unknowns);
  }

  private static final List<String> ORDER =
      List.of("replay", "ids", "id_values", "gap_ms", "read_only", "idempotent");

  private static Set<String> union(Set<String> one, Set<String> other) {
    var all = new HashSet<>(one);
    all.addAll(other);
    return all;
  }

  private void build(String tool, String why) {
    if (building.add(tool)) {
      reasons.add(new Reason("replay", tool, why));
    }
  }

  /// Whether a tool that was called builds up state: the operator's word, then the server's, then
  /// what it is called.
  private void sort(String tool) {
    if (building.contains(tool) || present.trust().readOnly().contains(tool)) {
      return;
    }
    JsonObject hints = shown.hints().getOrDefault(tool, JsonObject.EMPTY);
    Boolean reads = says(hints, "readOnlyHint");
    boolean givesIds =
        shown.ids().getOrDefault(tool, List.of()).stream()
            .anyMatch(evidence -> !evidence.times().isEmpty());
    String calls = " (called " + times(tool) + ")";
    if (Boolean.TRUE.equals(reads)) {
      return;
    }
    if (!givesIds && Boolean.TRUE.equals(says(hints, "openWorldHint"))) {
      unknowns.add(
          tool
              + " acts on the world outside, the server says, and gave no id that came back: it is"
              + " not proposed, since a replay would do that again");
    } else if (reads == null && seemsToLook(tool)) {
      unknowns.add(
          tool
              + " seems to change nothing, by its name alone: it is not proposed for replay; if you"
              + " know that it changes nothing, add it to `read_only`, and it is sent again when"
              + " the connection breaks under it");
    } else {
      build(
          tool,
          (reads == null ? "not declared read-only" : "declared not read-only by the server")
              + calls);
    }
  }

  private static boolean seemsToLook(String tool) {
    return Stream.of(tool.toLowerCase(Locale.ROOT).split("[^a-z0-9]+", -1))
        .anyMatch(LOOKS::contains);
  }

  private String times(String tool) {
    int times = shown.times().getOrDefault(tool, 0);
    return times == 1 ? "once" : times + " times";
  }

  /// What the server says that may be done twice.
  private void believe(String tool) {
    JsonObject hints = shown.hints().getOrDefault(tool, JsonObject.EMPTY);
    if (building.contains(tool) || !Boolean.TRUE.equals(says(hints, "readOnlyHint"))) {
      if (Boolean.TRUE.equals(says(hints, "idempotentHint"))
          && !present.trust().idempotent().contains(tool)
          && !Boolean.TRUE.equals(says(hints, "readOnlyHint"))) {
        twice.add(tool);
        reasons.add(new Reason("idempotent", tool, "declared idempotent by the server"));
      }
    } else if (looking.add(tool) && !present.trust().readOnly().contains(tool)) {
      reasons.add(new Reason("read_only", tool, "declared read-only by the server"));
    }
  }

  private static @Nullable Boolean says(JsonObject hints, String hint) {
    return hints.get(hint) instanceof JsonBoolean(var truth) ? truth : null;
  }

  /// Where ids stand in the results of the tools that build up state: those that came back, and
  /// those that look the same.
  private Map<String, List<IdPath>> ids() {
    present.trust().readOnly().stream()
        .sorted()
        .filter(tool -> !building.contains(tool))
        .forEach(tool -> {
          looking.add(tool);
          reasons.add(new Reason("read_only", tool, "your profile has it already"));
        });
    present.trust().idempotent().stream()
        .sorted()
        .forEach(
            tool -> reasons.add(new Reason("idempotent", tool, "your profile has it already")));
    var ids = new TreeMap<String, List<IdPath>>();
    for (String tool : building) {
      var paths = new ArrayList<IdPath>();
      for (IdPath path : present.ids(tool)) {
        paths.add(path);
        reasons.add(new Reason("ids", tool + " " + path, "your profile has it already"));
      }
      shown.ids().getOrDefault(tool, List.of()).stream()
          .sorted(Comparator.comparing(evidence -> evidence.path().toString()))
          .filter(evidence -> !paths.contains(evidence.path()))
          .forEach(evidence -> add(tool, evidence, paths));
      if (!paths.isEmpty()) {
        ids.put(tool, paths);
      }
    }
    return ids;
  }

  private void add(String tool, Evidence evidence, List<IdPath> paths) {
    if (paths.size() >= ProfileReader.PATHS || !ProfileReader.isPath(evidence.path())) {
      unknowns.add(
          "an id stands in the result of " + tool + " where no line of a profile can point to");
      return;
    }
    paths.add(evidence.path());
    String why;
    if (!evidence.back()) {
      why = "looks like the ids that came back";
    } else if (evidence.times().isEmpty()) {
      why = "an id that came back stands here too";
    } else {
      why =
          "the id at %s of %s came back in %s"
              .formatted(evidence.path(), tool, String.join(", ", evidence.times()));
    }
    reasons.add(new Reason("ids", tool + " " + evidence.path(), why));
  }

  private @Nullable Pattern idValues(boolean anyIds) {
    Shape shape = shown.shape();
    Pattern seen = shape == null ? null : shape.pattern();
    if (!anyIds || present.ids().isEmpty()) {
      if (seen != null && anyIds) {
        reasons.add(new Reason("id_values", seen.pattern(), "all ids that came back look so"));
      }
      return anyIds ? seen : present.idValues();
    }
    Pattern before = present.idValues();
    boolean same = before != null && (seen == null || seen.pattern().equals(before.pattern()));
    if (same) {
      reasons.add(
          new Reason(
              "id_values",
              Objects.requireNonNull(before).pattern(),
              "your profile has it already"));
    }
    return same ? before : null;
  }

  private Profile.Pace pace() {
    if (!present.pace().equals(Profile.Pace.FREE) || shown.shape() != Shape.MILLISECONDS) {
      return present.pace();
    }
    reasons.add(
        new Reason(
            "gap_ms",
            "12, one call at a time",
            "its ids look as if they were made of milliseconds: so no two are the same"));
    return new Profile.Pace(1, 12);
  }

  private void tellOfIds(Set<String> withIds) {
    shown.flows().stream()
        .filter(flow -> !building.contains(flow.from().tool()))
        .map(flow ->
            "an id that %s gave at %s came back in %s, and no call that is replayed gave it: after a replay nobody can tell what it stands for"
                .formatted(flow.from().tool(), flow.from().path(), argument(flow)))
        .distinct()
        .sorted()
        .forEach(unknowns::add);
    gaps.numbers().stream()
        .map(flow ->
            "the number at %s of %s came back in %s: numbers are never rewritten, so that it is right after a replay only if the server counts the same way again"
                .formatted(flow.from().path(), flow.from().tool(), argument(flow)))
        .sorted()
        .forEach(unknowns::add);
    gaps.mentions().stream()
        .map(pair -> pair.split(" ", -1))
        .map(pair ->
            "something that looks like an id stood in the free text of a result of %s and came back in %s: ids in free text cannot be bound"
                .formatted(pair[0], pair[1]))
        .sorted()
        .forEach(unknowns::add);
    String without =
        building.stream().filter(tool -> !withIds.contains(tool)).collect(Collectors.joining(", "));
    if (!without.isEmpty()) {
      unknowns.add(
          "no id that "
              + without
              + " gave was seen to come back; if one does, add where it stands");
    }
  }

  private static String counted(int calls, String one, String many) {
    return calls == 1 ? "1 call " + one : calls + " calls " + many;
  }

  private static String argument(Flow flow) {
    return flow.to().tool() + "." + String.join(".", flow.to().path().tokens());
  }

  private void tellOfTools() {
    String never =
        shown.listed().keySet().stream()
            .filter(tool -> !shown.times().containsKey(tool))
            .filter(tool -> !looking.contains(tool) && !building.contains(tool))
            .sorted()
            .collect(Collectors.joining(", "));
    if (!never.isEmpty()) {
      unknowns.add("never called in this run: " + never + "; if one builds up state, add it");
    }
    if (shown.listed().isEmpty()) {
      unknowns.add("the server could not be asked for its tools and what it says of them");
    }
    if (gaps.failed() > 0) {
      unknowns.add(counted(gaps.failed(), "failed and was", "failed and were") + " not looked at");
    }
    if (gaps.passedOver() > 0) {
      unknowns.add(
          counted(gaps.passedOver(), "was", "were")
              + " not looked at: arguments that your profile calls sensitive, or too long");
    }
    if (!looking.isEmpty() || !twice.isEmpty()) {
      unknowns.add(
          "whether what the server declares is true: a tool that remembers what it is told changes"
              + " something");
    }
    if (building.isEmpty()) {
      unknowns.add("nothing was seen that builds up state: without that no profile is needed");
    } else {
      unknowns.add(
          "whether the server keeps its state on disk: then it comes back by itself, and a replay"
              + " would make everything twice");
      unknowns.add(
          "whether a tool puts an end to state (`reset`), or makes a thing anew under its name"
              + " (`overwrites`)");
    }
  }
}
