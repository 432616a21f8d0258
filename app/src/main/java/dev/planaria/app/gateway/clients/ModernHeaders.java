package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.wire.BadRequest;
import dev.planaria.app.gateway.wire.Headers;
import dev.planaria.app.gateway.wire.ProtocolVersion;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.gateway.wire.RpcMessage;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rules that tie a modern request's headers to its body (MCP 2026-07-28, Streamable HTTP,
/// "Request Metadata"), so that who routes by headers and who acts on the body cannot be told
/// different things.
final class ModernHeaders {
  private static final String VERSION = "MCP-Protocol-Version";
  private static final String METHOD = "Mcp-Method";
  private static final String NAME = "Mcp-Name";
  private static final String ENCODED_START = "=?base64?";
  private static final String ENCODED_END = "?=";

  private ModernHeaders() {}

  /// Checks a request.
  ///
  /// @throws RpcError when `_meta` lacks what it must hold, a header is missing or says something
  ///   else than the body, or the version is not spoken here
  static void check(Headers headers, RpcMessage.Request request) {
    JsonObject meta = Meta.of(request.params());
    String version = claimedVersion(meta);
    String header = single(headers, VERSION);
    if (header == null) {
      throw RpcError.headerMismatch("the header " + VERSION + " is missing");
    }
    if (!header.equals(version)) {
      throw mismatch(VERSION, "_meta[\"" + Meta.PROTOCOL_VERSION + "\"]");
    }
    if (ProtocolVersion.of(version).filter(known -> !known.isLegacy()).isEmpty()) {
      throw RpcError.unsupportedVersion(version);
    }
    if (!(meta.get(Meta.CLIENT_CAPABILITIES) instanceof JsonObject)) {
      throw RpcError.invalidMeta(
          "params._meta[\"" + Meta.CLIENT_CAPABILITIES + "\"] must be an object");
    }
    requireEqual(headers, METHOD, request.method(), "method");
    String name = named(request);
    if (name != null) {
      requireEqual(headers, NAME, name, "params." + (hasUri(request) ? "uri" : "name"));
    }
  }

  /// Checks the headers that repeat arguments of a call.
  ///
  /// @param expected what each must say
  /// @throws RpcError when one is missing or says something else
  static void checkParams(Headers headers, Map<String, String> expected) {
    expected.forEach(
        (name, value) -> requireEqual(headers, name, decoded(name, value), "its argument"));
  }

  private static String claimedVersion(JsonObject meta) {
    if (meta.get(Meta.PROTOCOL_VERSION) instanceof JsonString(String version)) {
      return version;
    }
    throw RpcError.invalidMeta("params._meta[\"" + Meta.PROTOCOL_VERSION + "\"] must be a string");
  }

  private static boolean hasUri(RpcMessage.Request request) {
    return request.method().equals("resources/read");
  }

  /// What the header `Mcp-Name` must repeat, or null when the method has no such header.
  private static @Nullable String named(RpcMessage.Request request) {
    return switch (request.method()) {
      case "tools/call", "prompts/get" -> text(request, "name");
      case "resources/read" -> text(request, "uri");
      default -> null;
    };
  }

  private static String text(RpcMessage.Request request, String member) {
    if (request.params().get(member) instanceof JsonString(String text)) {
      return text;
    }
    throw RpcError.invalidParams("params." + member + " must be a string");
  }

  private static void requireEqual(Headers headers, String name, String expected, String body) {
    String sent = single(headers, name);
    if (sent == null) {
      throw RpcError.headerMismatch("the header " + name + " is missing");
    }
    if (!decoded(name, sent).equals(expected)) {
      throw mismatch(name, body);
    }
  }

  private static RpcError mismatch(String header, String body) {
    return RpcError.headerMismatch("the header " + header + " does not say what " + body + " says");
  }

  private static @Nullable String single(Headers headers, String name) {
    try {
      return headers.single(name);
    } catch (BadRequest e) {
      throw RpcError.headerMismatch(String.valueOf(e.getMessage()));
    }
  }

  /// A value that plain ASCII cannot carry comes as Base64 between two marks.
  private static String decoded(String name, String value) {
    if (!value.chars().allMatch(c -> (c >= ' ' && c <= '~') || c == '\t')) {
      throw RpcError.headerMismatch("the header " + name + " must be visible ASCII");
    }
    if (name.equals(METHOD)
        || !value.startsWith(ENCODED_START)
        || !value.endsWith(ENCODED_END)
        || value.length() < ENCODED_START.length() + ENCODED_END.length()) {
      return value;
    }
    String encoded = value.substring(ENCODED_START.length(), value.length() - ENCODED_END.length());
    try {
      if (encoded.length() % 4 != 0) {
        throw RpcError.headerMismatch("the header " + name + " lacks padding of its Base64");
      }
      byte[] bytes = Base64.getDecoder().decode(encoded);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      throw RpcError.headerMismatch("the header " + name + " is not Base64 of UTF-8");
    }
  }
}
