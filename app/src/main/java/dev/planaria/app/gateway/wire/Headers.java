package dev.planaria.app.gateway.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The header fields of a request: names without regard to case (RFC 9110 section 5.1), each with
/// every value that was sent. Immutable.
public final class Headers {
  private final Map<String, List<String>> values;

  private Headers(Map<String, List<String>> values) {
    this.values = values;
  }

  /// No fields.
  public static Headers none() {
    return new Headers(Map.of());
  }

  /// Collects fields in the order of arrival. Not thread-safe.
  public static final class Builder {
    private final Map<String, List<String>> values = new TreeMap<>();

    /// Adds one field line; white space around the value does not belong to it (RFC 9110 section
    /// 5.5).
    public Builder add(String name, String value) {
      values
          .computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>(1))
          .add(value.strip());
      return this;
    }

    /// The fields added so far.
    public Headers build() {
      return new Headers(new TreeMap<>(values));
    }
  }

  /// The value of a field that may be sent at most once, or null when it was not sent.
  ///
  /// @throws BadRequest when it was sent more than once, since two readers could then take
  ///   different ones
  public @Nullable String single(String name) {
    List<String> found = values.get(name.toLowerCase(Locale.ROOT));
    if (found == null) {
      return null;
    }
    if (found.size() > 1) {
      throw new BadRequest(400, "the header " + name + " was sent " + found.size() + " times");
    }
    return found.getFirst();
  }

  /// All values of a field that is a list, split at commas (RFC 9110 section 5.6.1).
  public List<String> list(String name) {
    var items = new ArrayList<String>();
    for (String value : values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of())) {
      for (String item : value.split(",", -1)) {
        items.add(item.strip());
      }
    }
    return items;
  }

  /// True when the field was sent at all.
  public boolean has(String name) {
    return values.containsKey(name.toLowerCase(Locale.ROOT));
  }
}
