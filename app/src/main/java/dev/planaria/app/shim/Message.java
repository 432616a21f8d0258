package dev.planaria.app.shim;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One JSON-RPC message (JSON-RPC 2.0, MCP base protocol), kept as the bytes it came as. Immutable.
final class Message {

  /// Where a caller names an operation of its own.
  static final String OPERATION_ID = "dev.planaria/operationId";

  private static final String PROTOCOL_VERSION = "io.modelcontextprotocol/protocolVersion";

  /// The first version of the modern era; versions are dates.
  static final String FIRST_MODERN = "2026-07-28";

  /// What a message is.
  enum Kind {
    /// Has a method and an id: wants an answer.
    REQUEST,
    /// Has a method and no id.
    NOTIFICATION,
    /// Has no method, but a result or an error.
    RESPONSE
  }

  private final byte[] bytes;
  private final JsonText text;
  private final JsonText.Place root;
  private final Kind kind;

  private Message(byte[] bytes, JsonText text, JsonText.Place root, Kind kind) {
    this.bytes = bytes;
    this.text = text;
    this.root = root;
    this.kind = kind;
  }

  /// What a text holds: one message, or those of a batch (2025-03-26 has them).
  ///
  /// @throws JsonText.Malformed when the text is no JSON
  static List<Parsed> read(byte[] bytes) throws JsonText.Malformed {
    var text = JsonText.parse(bytes);
    if (!text.is('[', text.root())) {
      return List.of(one(bytes, text));
    }
    var messages = new ArrayList<Parsed>();
    for (var item : text.items(text.root())) {
      var copy = text.copy(item);
      messages.add(one(copy, JsonText.parse(copy)));
    }
    return messages.isEmpty() ? List.of(new Parsed.NoMessage("null")) : messages;
  }

  /// A JSON value that should be a message.
  sealed interface Parsed {

    /// It is one.
    record Good(Message message) implements Parsed {}

    /// It is none.
    ///
    /// @param rawId the id that it has all the same, as JSON, or `null`
    record NoMessage(String rawId) implements Parsed {}
  }

  private static Parsed one(byte[] bytes, JsonText text) {
    var root = text.root();
    var id = text.member(root, "id");
    var rawId = id != null && (text.is('"', id) || isNumber(text, id)) ? text.raw(id) : "null";
    boolean method = text.string(text.member(root, "method")) != null;
    boolean answer = text.member(root, "result") != null || text.member(root, "error") != null;
    if (method && (id == null || !rawId.equals("null"))) {
      var kind = id == null ? Kind.NOTIFICATION : Kind.REQUEST;
      return new Parsed.Good(new Message(bytes, text, root, kind));
    }
    return answer && !method
        ? new Parsed.Good(new Message(bytes, text, root, Kind.RESPONSE))
        : new Parsed.NoMessage(rawId);
  }

  private static boolean isNumber(JsonText text, JsonText.Place place) {
    char first = text.raw(place).charAt(0);
    return first == '-' || Character.isDigit(first);
  }

  Kind kind() {
    return kind;
  }

  /// The bytes as they came.
  byte[] bytes() {
    return bytes;
  }

  /// The method; empty for a response.
  String method() {
    var method = text.string(text.member(root, "method"));
    return method == null ? "" : method;
  }

  /// The id as JSON, one character for each byte; `null` when there is none.
  String rawId() {
    var id = text.member(root, "id");
    return id == null ? "null" : text.raw(id);
  }

  /// The request that a `notifications/cancelled` names, like [#rawId].
  String cancelledId() {
    var id = text.member(text.member(root, "params"), "requestId");
    return id == null ? "null" : text.raw(id);
  }

  /// The version of the modern era that the message claims, or null when it claims none.
  @Nullable String modernVersion() {
    var meta = text.member(text.member(root, "params"), "_meta");
    var version = text.string(text.member(meta, PROTOCOL_VERSION));
    return version != null && version.compareTo(FIRST_MODERN) >= 0 ? version : null;
  }

  /// The version that the answer to an `initialize` agrees on, or null.
  @Nullable String agreedVersion() {
    return text.string(text.member(text.member(root, "result"), "protocolVersion"));
  }

  /// The operation id that the message carries, or null.
  @Nullable String operationId() {
    var meta = text.member(text.member(root, "params"), "_meta");
    return text.string(text.member(meta, OPERATION_ID));
  }

  /// True when a call names an operation among its arguments, as the session tools allow.
  boolean namesOperationInArguments() {
    var arguments = text.member(text.member(root, "params"), "arguments");
    return text.member(arguments, "operation_id") != null;
  }

  /// What the header `Mcp-Name` says of a modern request, or null when it has none (MCP 2026-07-28,
  /// Streamable HTTP, "Request Metadata").
  @Nullable String headerName() {
    var params = text.member(root, "params");
    var method = method();
    var name =
        switch (method) {
          case "tools/call", "prompts/get" -> text.string(text.member(params, "name"));
          case "resources/read" -> text.string(text.member(params, "uri"));
          default ->
              method.startsWith("tasks/") ? text.string(text.member(params, "taskId")) : null;
        };
    return name == null ? null : headerValue(name);
  }

  /// A text as a header can carry it: itself, or Base64 between two marks.
  static String headerValue(String value) {
    boolean plain =
        !value.isEmpty()
            && value.chars().allMatch(c -> c >= ' ' && c <= '~')
            && !value.startsWith(" ")
            && !value.endsWith(" ")
            && !(value.startsWith("=?base64?") && value.endsWith("?="));
    return plain
        ? value
        : "=?base64?"
            + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))
            + "?=";
  }

  /// The same message with that operation id in `params._meta`, every other byte as it was. A
  /// message whose `params` or `_meta` are no objects stays as it is: it will be refused anyway.
  Message withOperationId(String operationId) {
    var params = text.member(root, "params");
    if (params == null || !text.is('{', params)) {
      return this;
    }
    var meta = text.member(params, "_meta");
    if (meta != null && !text.is('{', meta)) {
      return this;
    }
    var member = "\"" + OPERATION_ID + "\":\"" + operationId + "\"";
    return meta == null ? inserted(params, "\"_meta\":{" + member + "}") : inserted(meta, member);
  }

  private Message inserted(JsonText.Place object, String member) {
    int at = object.start() + 1;
    boolean empty = text.raw(new JsonText.Place(at, object.end() - 1)).isBlank();
    var added = (empty ? member : member + ",").getBytes(StandardCharsets.UTF_8);
    var longer = new byte[bytes.length + added.length];
    System.arraycopy(bytes, 0, longer, 0, at);
    System.arraycopy(added, 0, longer, at, added.length);
    System.arraycopy(bytes, at, longer, at + added.length, bytes.length - at);
    return reparsed(longer);
  }

  /// The same answer under another id, for one that came without.
  Message answering(String rawId) {
    var id = text.member(root, "id");
    var start = new String(bytes, 0, root.start() + 1, StandardCharsets.ISO_8859_1);
    var all = new String(bytes, StandardCharsets.ISO_8859_1);
    var answer =
        id == null
            ? start + "\"id\":" + rawId + "," + all.substring(root.start() + 1)
            : all.substring(0, id.start()) + rawId + all.substring(id.end());
    return reparsed(answer.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Message reparsed(byte[] bytes) {
    try {
      return ((Parsed.Good) one(bytes, JsonText.parse(bytes))).message();
    } catch (JsonText.Malformed e) {
      throw new IllegalStateException("a member that was added made JSON into none", e);
    }
  }

  /// The message as one line. A line break in JSON stands only between tokens, where a space says
  /// the same.
  byte[] line() {
    if (!hasLineBreak()) {
      return bytes;
    }
    var line = bytes.clone();
    for (int i = 0; i < line.length; i++) {
      if (line[i] == '\n' || line[i] == '\r') {
        line[i] = ' ';
      }
    }
    return line;
  }

  private boolean hasLineBreak() {
    for (byte b : bytes) {
      if (b == '\n' || b == '\r') {
        return true;
      }
    }
    return false;
  }
}
