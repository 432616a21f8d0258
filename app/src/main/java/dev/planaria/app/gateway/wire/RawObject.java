package dev.planaria.app.gateway.wire;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A JSON object that is kept as the bytes in which it came, so that what nobody here touches is
/// passed on byte for byte: numbers, escapes, unknown members and their order. It was checked as
/// strictly as any other JSON. Immutable; thread-safe.
///
/// Only a line break between tokens becomes a space, since a message over a pipe is one line (MCP,
/// transports, "stdio"). A changed object ([#with], [#without]) loses the white space between its
/// own members, never anything inside their names and values.
public final class RawObject {
  /// The object without members.
  public static final RawObject EMPTY = new RawObject(List.of(), Span.of(ascii("{}")));

  private final List<Member> members;

  /// The text as it came; null when it was changed and must be put together.
  private final @Nullable Span text;

  private record Member(String name, Span rawName, Span value) {}

  private RawObject(List<Member> members, @Nullable Span text) {
    this.members = members;
    this.text = text;
  }

  /// Reads an object. The array is kept, and must not be changed afterwards.
  ///
  /// @throws JsonSyntaxException when it is not one strict JSON object in UTF-8, or exceeds a limit
  public static RawObject parse(byte[] utf8, JsonLimits limits) {
    return scanned(Span.of(utf8), limits);
  }

  /// As [#parse(byte\[\], JsonLimits)], for the bytes from `from` to before `to`.
  public static RawObject parse(byte[] utf8, int from, int to, JsonLimits limits) {
    return scanned(new Span(utf8, from, to), limits);
  }

  /// The object that a value writes.
  public static RawObject of(JsonObject object) {
    return object.members().isEmpty()
        ? EMPTY
        : scanned(Span.of(Json.writeBytes(object)), JsonLimits.OWN);
  }

  private static RawObject scanned(Span utf8, JsonLimits limits) {
    var members = new ArrayList<Member>();
    Span text =
        new JsonScanner(utf8, limits)
            .wholeObject((name, rawName, value) -> members.add(new Member(name, rawName, value)));
    return text.isOneLine()
        ? new RawObject(List.copyOf(members), text)
        : scanned(text.onOneLine(), JsonLimits.OWN);
  }

  /// The names of the members, in order.
  public List<String> names() {
    return members.stream().map(Member::name).toList();
  }

  /// True when there is a member of that name, even a JSON `null`.
  public boolean has(String name) {
    return find(name) != null;
  }

  /// The bytes of a member's value, as they came.
  public Optional<byte[]> raw(String name) {
    return Optional.ofNullable(find(name)).map(member -> member.value.copy());
  }

  /// A member's value, parsed now, or null when there is none.
  public @Nullable JsonValue value(String name) {
    Member member = find(name);
    return member == null ? null : member.value.value();
  }

  /// A member's text, or null when there is none or it is something else.
  public @Nullable String text(String name) {
    Member member = find(name);
    return member != null
            && member.value.startsWith('"')
            && member.value.value() instanceof JsonString(String found)
        ? found
        : null;
  }

  /// A member that is an object itself; empty when there is none or it is something else. Its bytes
  /// are shared, not copied.
  public Optional<RawObject> object(String name) {
    Member member = find(name);
    return member != null && member.value.startsWith('{')
        ? Optional.of(scanned(member.value, JsonLimits.OWN))
        : Optional.empty();
  }

  /// The same object with a member set: in its place when there is one of that name, else at the
  /// end.
  ///
  /// @param json one JSON value; kept, and not to be changed afterwards
  /// @throws JsonSyntaxException when it is not one
  public RawObject with(String name, byte[] json) {
    return with(name, new JsonScanner(Span.of(json), JsonLimits.OWN).wholeValue().onOneLine());
  }

  /// As [#with(String, byte\[\])].
  public RawObject with(String name, JsonValue value) {
    return with(name, Span.of(Json.writeBytes(value)));
  }

  /// As [#with(String, byte\[\])].
  public RawObject with(String name, RawObject value) {
    return with(name, value.span());
  }

  private RawObject with(String name, Span value) {
    var changed = new ArrayList<>(members);
    for (int i = 0; i < changed.size(); i++) {
      Member old = changed.get(i);
      if (old.name.equals(name)) {
        changed.set(i, new Member(name, old.rawName, value));
        return new RawObject(List.copyOf(changed), null);
      }
    }
    changed.add(new Member(name, Span.of(Json.writeBytes(new JsonString(name))), value));
    return new RawObject(List.copyOf(changed), null);
  }

  /// The same object without that member.
  public RawObject without(String name) {
    return has(name)
        ? new RawObject(members.stream().filter(member -> !member.name.equals(name)).toList(), null)
        : this;
  }

  /// The object as UTF-8 JSON without a line break.
  public byte[] bytes() {
    return span().copy();
  }

  /// How many bytes that are.
  public int length() {
    return text != null
        ? text.length()
        : members.stream()
                .mapToInt(member -> member.rawName.length() + member.value.length() + 2)
                .reduce(1, Integer::sum)
            + (members.isEmpty() ? 1 : 0);
  }

  /// Writes the object as UTF-8 JSON without a line break.
  public void writeTo(ByteArrayOutputStream out) {
    if (text != null) {
      text.writeTo(out);
      return;
    }
    out.write('{');
    String separator = "";
    for (Member member : members) {
      out.writeBytes(ascii(separator));
      member.rawName.writeTo(out);
      out.write(':');
      member.value.writeTo(out);
      separator = ",";
    }
    out.write('}');
  }

  private Span span() {
    if (text != null) {
      return text;
    }
    var out = new ByteArrayOutputStream(length());
    writeTo(out);
    return Span.of(out.toByteArray());
  }

  private @Nullable Member find(String name) {
    for (Member member : members) {
      if (member.name.equals(name)) {
        return member;
      }
    }
    return null;
  }

  /// Equal when the bytes are.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RawObject object && Arrays.equals(bytes(), object.bytes());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes());
  }

  /// The size alone: what is inside belongs to users and must not get into a log.
  @Override
  public String toString() {
    return "RawObject[" + length() + " bytes]";
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
