package dev.planaria.app.gateway.replay;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Which ids that clients were given first stand for which ids that the server has now. An id that
/// is not among them stands for itself. One to one. Immutable; thread-safe.
///
/// Clients see only first ids, the server only present ones: arguments are rewritten on the way to
/// it, results on the way back. What is rewritten are whole strings; numbers, times and text that
/// merely mentions an id are left alone, and so is every other character.
public final class IdBinding {

  /// Every id stands for itself.
  public static final IdBinding NONE = new IdBinding(Map.of());

  private final Map<String, String> present;
  private final Map<String, String> first;

  IdBinding(Map<String, String> present) {
    var others = new TreeMap<String, String>();
    present.forEach((firstId, presentId) -> {
      if (!firstId.equals(presentId)) {
        others.put(firstId, presentId);
      }
    });
    this.present = Map.copyOf(others);
    var back = new HashMap<String, String>();
    others.forEach((firstId, presentId) -> back.put(presentId, firstId));
    if (back.size() != others.size()) {
      throw new IllegalArgumentException("two ids stand for the same one");
    }
    this.first = Map.copyOf(back);
  }

  /// What [#toJson] wrote.
  ///
  /// @throws IllegalArgumentException when it is anything else
  public static IdBinding of(JsonObject bindings) {
    var present = new HashMap<String, String>();
    bindings
        .members()
        .forEach((firstId, presentId) -> {
          if (!(presentId instanceof JsonString(var text))) {
            throw new IllegalArgumentException("an id stands for something that is none");
          }
          present.put(firstId, text);
        });
    return present.isEmpty() ? NONE : new IdBinding(present);
  }

  /// First ids by name, present ones as values; ids that stand for themselves are left out.
  public JsonObject toJson() {
    var out = JsonObject.builder();
    new TreeMap<>(present).forEach(out::put);
    return out.build();
  }

  /// How many ids do not stand for themselves.
  public int size() {
    return present.size();
  }

  /// A request's parameters as the server has to see them: strings in `arguments` that are first
  /// ids as a whole become present ids.
  ///
  /// @throws dev.planaria.engine.json.JsonSyntaxException when they are not JSON
  public String toServer(String params) {
    return arguments(params, present);
  }

  /// A result as the client has to see it: strings in `structuredContent`, in JSON inside text
  /// items, and text items that are present ids as a whole become first ids.
  ///
  /// @throws dev.planaria.engine.json.JsonSyntaxException when it is not JSON
  public String toClient(String outcome) {
    return first.isEmpty()
        ? outcome
        : JsonText.replace(outcome, (path, raw) -> back(path, raw, first));
  }

  /// Why a result of a call that was not replayed cannot be told to the client: the server has
  /// given an id that the client knows as something else.
  ///
  /// @param outcome as it came from the server
  /// @return a sentence; empty when all is well
  public Optional<String> collision(Profile profile, String tool, String outcome) {
    if (present.isEmpty() || profile.ids(tool).isEmpty()) {
      return Optional.empty();
    }
    ToolResult result = ToolResult.of(outcome);
    for (IdPath path : profile.ids(tool)) {
      for (String id : path.in(result.content())) {
        if (!first.containsKey(id) && present.containsKey(id)) {
          return Optional.of(
              "the server gave the id "
                  + id
                  + " to something new, and clients know something else by it");
        }
      }
    }
    return Optional.empty();
  }

  static String arguments(String params, Map<String, String> present) {
    return present.isEmpty()
        ? params
        : JsonText.replace(
            params,
            (path, raw) ->
                !path.isEmpty() && path.getFirst().equals("arguments")
                    ? whole(raw, present)
                    : null);
  }

  private static @Nullable String back(List<String> path, String raw, Map<String, String> first) {
    if (path.isEmpty()) {
      return null;
    }
    if (path.getFirst().equals("structuredContent")) {
      return whole(raw, first);
    }
    if (!path.equals(List.of("content", JsonText.ELEMENT, "text"))) {
      return null;
    }
    String replaced = whole(raw, first);
    return replaced != null
        ? replaced
        : JsonText.replaceInside(raw, (_, inner) -> whole(inner, first));
  }

  private static @Nullable String whole(String raw, Map<String, String> ids) {
    String other = ids.get(JsonText.decoded(raw));
    return other == null ? null : JsonText.quoted(other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IdBinding binding && present.equals(binding.present);
  }

  @Override
  public int hashCode() {
    return present.hashCode();
  }

  @Override
  public String toString() {
    return present.toString();
  }
}
