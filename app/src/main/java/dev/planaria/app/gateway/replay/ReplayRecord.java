package dev.planaria.app.gateway.replay;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What has to be called again, and in which order, so that a server that has lost its state gets
/// it back.
///
/// @param calls in the order in which they were accepted
/// @param superseded calls that are kept and need not be, to be let go of together: they failed, a
///   later one put an end to what they did, or a later one did the same thing anew. A call of a
///   tool that the profile does not name is neither here nor there: profiles are corrected
public record ReplayRecord(List<Call> calls, List<CallId> superseded) {

  /// Copies the lists.
  public ReplayRecord {
    calls = List.copyOf(calls);
    superseded = List.copyOf(superseded);
  }

  /// From the calls that a session keeps for replay.
  ///
  /// @param kept in the order in which they were accepted
  public static ReplayRecord of(Stream<Call> kept, Profile profile) {
    List<Call> all = kept.filter(Call::isKeptForReplay).toList();
    var backwards = new ArrayList<Call>();
    var superseded = new ArrayList<CallId>();
    Set<Done> doneLater = new HashSet<>();
    boolean ended = false;
    for (Call call : all.reversed()) {
      String tool = Objects.requireNonNullElse(call.target(), "");
      boolean failed = call.outcome() == null || ToolResult.of(call.outcome()).failed();
      Done done = Done.of(call, tool, profile);
      boolean again = done != null && doneLater.contains(done);
      boolean resets = profile.reset().contains(tool);
      boolean builds = profile.replay().contains(tool);
      if (ended || failed || again || (resets && !builds)) {
        superseded.addFirst(call.id());
      } else if (builds) {
        backwards.add(call);
      }
      if (done != null && !failed) {
        doneLater.add(done);
      }
      ended |= resets && !failed;
    }
    return new ReplayRecord(backwards.reversed(), superseded);
  }

  /// The same without some calls, which are reported elsewhere.
  public ReplayRecord without(Set<CallId> skipped) {
    return new ReplayRecord(
        calls.stream().filter(call -> !skipped.contains(call.id())).toList(), superseded);
  }

  /// What a call overwrites: the same tool with the same values there.
  private record Done(String tool, List<String> values) {

    static @Nullable Done of(Call call, String tool, Profile profile) {
      List<IdPath> paths = profile.overwrites().getOrDefault(tool, List.of());
      if (paths.isEmpty() || call.params() == null) {
        return null;
      }
      try {
        JsonObject params = Json.parseObject(call.params(), JsonLimits.OWN);
        JsonValue arguments = params.get("arguments");
        var values =
            paths.stream()
                .flatMap(path -> arguments == null ? Stream.empty() : path.in(arguments).stream())
                .toList();
        return values.size() == paths.size() ? new Done(tool, values) : null;
      } catch (JsonSyntaxException unreadable) {
        return null;
      }
    }
  }
}
