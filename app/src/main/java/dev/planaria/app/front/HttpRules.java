package dev.planaria.app.front;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a request head must be beyond what the parser asks of it. Pure.
final class HttpRules {

  private HttpRules() {}

  /// Refuses a head that breaks a rule.
  static void check(
      String method, String target, boolean http11, List<Header> headers, HttpLimits limits)
      throws Refusal {
    checkMethod(method);
    checkTarget(target, limits);
    checkFraming(http11, headers, limits);
    if (http11 && "".equals(Headers.first(headers, "host"))) {
      throw Refusal.closing(400, "the Host header is empty");
    }
    if (Headers.first(headers, "content-encoding") != null) {
      // An encoded body can be a thousand times larger than it looks.
      throw Refusal.closing(415, "encoded request bodies are not taken; send it as it is");
    }
    var expected = Headers.first(headers, "expect");
    if (expected != null && !expected.equalsIgnoreCase("100-continue")) {
      throw Refusal.closing(417, "only the expectation 100-continue can be met");
    }
  }

  private static void checkMethod(String method) throws Refusal {
    var upper = method.toUpperCase(Locale.ROOT);
    if (upper.equals("TRACE") || upper.equals("CONNECT")) {
      throw Refusal.closing(405, "the method " + upper + " is not served");
    }
  }

  private static void checkTarget(String target, HttpLimits limits) throws Refusal {
    if (target.length() > limits.requestTargetBytes()) {
      throw Refusal.closing(
          414,
          "the request target is longer than "
              + limits.requestTargetBytes()
              + " bytes (requestTargetBytes)");
    }
    // Absolute targets would name a second host beside the one in the Host header.
    if (!target.startsWith("/")) {
      throw Refusal.closing(400, "the request target must be a path that begins with /");
    }
    for (var i = 0; i < target.length(); i++) {
      if (target.charAt(i) <= ' ' || target.charAt(i) >= 0x7f) {
        throw Refusal.closing(400, "the request target must be visible ASCII, percent-encoded");
      }
    }
  }

  private static void checkFraming(boolean http11, List<Header> headers, HttpLimits limits)
      throws Refusal {
    var coding = Headers.first(headers, "transfer-encoding");
    if (coding != null && (!http11 || !coding.equalsIgnoreCase("chunked"))) {
      throw Refusal.closing(
          400, "the only transfer coding that is taken is chunked, over HTTP/1.1");
    }
    var length = Headers.first(headers, "content-length");
    // The parser has seen to it that these are digits, not too many for a long.
    if (length != null && Long.parseLong(length) > limits.bodyBytes()) {
      throw bodyTooLarge(limits);
    }
  }

  static Refusal bodyTooLarge(HttpLimits limits) {
    return Refusal.closing(
        413, "the request body is longer than " + limits.bodyBytes() + " bytes (bodyBytes)");
  }

  /// Puts the parser's complaint into a sentence.
  static Refusal refuseUnparsable(int code, @Nullable String reason) {
    return switch (code) {
      case 414 -> Refusal.closing(414, "the request target is too long (requestTargetBytes)");
      case 431 -> Refusal.closing(431, "the request head is too long (headBytes)");
      case 505 -> Refusal.closing(505, "only HTTP/1.1 and HTTP/1.0 are spoken here");
      default ->
          Refusal.closing(
              400, "not a well-formed HTTP request" + (reason == null ? "" : ": " + reason));
    };
  }
}
