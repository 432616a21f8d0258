package dev.planaria.app.gateway.wire;

import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.util.regex.Pattern;

/// Names a request among those of one client: a text or a whole number (MCP narrows what JSON-RPC
/// 2.0 section 4 allows), given back exactly as it came.
///
/// @param value a [JsonString] or an integral [JsonNumber]
public record RpcId(JsonValue value) {
  /// Longest text. Clients count or use UUIDs; the id is kept with the call and echoed.
  public static final int MAX_CHARACTERS = 256;

  /// Longest number: every 64-bit integer fits.
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,19}");

  /// Checks the form.
  ///
  /// @throws RpcError when it is neither a short text nor a whole number
  public RpcId {
    switch (value) {
      case JsonString(String text) -> {
        if (text.length() > MAX_CHARACTERS) {
          throw RpcError.invalidRequest(
              "id is longer than " + MAX_CHARACTERS + " characters; send a shorter one");
        }
      }
      case JsonNumber(String text) -> {
        if (!INTEGER.matcher(text).matches()) {
          throw RpcError.invalidRequest("id must be a string or a whole number of 64 bits");
        }
      }
      default -> throw RpcError.invalidRequest("id must be a string or a whole number");
    }
  }

  /// A text that is different for different ids: `1` and `"1"` are two.
  public String key() {
    return Rpc.text(value);
  }
}
