package dev.planaria.app.shim;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The error answers that the shim itself gives (JSON-RPC 2.0, section 5.1). Codes of its own lie
/// outside the range that JSON-RPC reserves.
final class Answers {

  /// The line is no JSON.
  static final int PARSE = -32_700;

  /// The line is JSON, but no message, or one that is not allowed now.
  static final int INVALID_REQUEST = -32_600;

  /// No daemon answered in time; `data.outcome` says whether the call may have run.
  static final int UNREACHABLE = -33_900;

  /// The line is longer than `lineBytes`.
  static final int LINE_TOO_LONG = -33_901;

  /// More is unanswered than `keptLines` or `keptBytes` allow.
  static final int TOO_MANY_LINES = -33_902;

  /// The daemon ended its answer `fruitlessSends` times without answering.
  static final int NO_ANSWER = -33_903;

  /// The answer is longer than `answerBytes`, or is no JSON.
  static final int UNUSABLE_ANSWER = -33_904;

  /// A refusal of the daemon over HTTP that carries no JSON-RPC error; the status is subtracted.
  static final int REFUSED = -33_000;

  private Answers() {}

  /// An error answer.
  ///
  /// @param rawId the id as JSON, one character for each byte
  static byte[] error(String rawId, int code, String message) {
    return error(rawId, code, message, null);
  }

  /// As [#error(String, int, String)], with more for programs.
  static byte[] error(String rawId, int code, String message, @Nullable JsonObject data) {
    var more = data == null ? "" : ",\"data\":" + latin(Json.writeBytes(data));
    var text =
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + rawId
            + ",\"error\":{\"code\":"
            + code
            + ",\"message\":"
            + latin(Json.writeBytes(new JsonString(message)))
            + more
            + "}}";
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Bytes as characters, so that an id is written back byte for byte.
  private static String latin(byte[] utf8) {
    return new String(utf8, StandardCharsets.ISO_8859_1);
  }
}
