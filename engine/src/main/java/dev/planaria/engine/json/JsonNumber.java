package dev.planaria.engine.json;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// A JSON number, kept as the text it was written in, so that `2.50`, `-0` and integers beyond 64
/// bits come back as they went in.
///
/// @param text the number as RFC 8259 section 6 writes it
public record JsonNumber(String text) implements JsonValue {

  /// Digits of the largest `long`.
  private static final int LONG_DIGITS = 19;

  /// Checks the text.
  ///
  /// @throws IllegalArgumentException when it is not a JSON number
  public JsonNumber {
    if (!isNumber(text)) {
      throw new IllegalArgumentException("not a JSON number (RFC 8259 section 6)");
    }
  }

  /// A whole number.
  public static JsonNumber of(long value) {
    return new JsonNumber(Long.toString(value));
  }

  /// The value as a 64-bit integer, or null when it is not whole or does not fit. `2.0` and `2e0`
  /// are whole.
  public @Nullable Long toLong() {
    if (text.length() <= LONG_DIGITS - 1 && isInteger()) {
      return Long.parseLong(text);
    }
    try {
      var decimal = new BigDecimal(text).stripTrailingZeros();
      // The order matters: a huge exponent must not be expanded into digits.
      boolean fits = decimal.scale() <= 0 && decimal.precision() - (long) decimal.scale() <= 19;
      return fits ? (Long) decimal.longValueExact() : null;
    } catch (ArithmeticException | NumberFormatException beyondRange) {
      return null;
    }
  }

  private boolean isInteger() {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '-' && (c < '0' || c > '9')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNumber(String text) {
    int end = text.length();
    int at = end > 0 && text.charAt(0) == '-' ? 1 : 0;
    int digits = digitsFrom(text, at);
    if (digits == 0 || (digits > 1 && text.charAt(at) == '0')) {
      return false;
    }
    at += digits;
    if (at < end && text.charAt(at) == '.') {
      digits = digitsFrom(text, at + 1);
      if (digits == 0) {
        return false;
      }
      at += 1 + digits;
    }
    if (at < end && (text.charAt(at) | 0x20) == 'e') {
      at++;
      if (at < end && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
        at++;
      }
      digits = digitsFrom(text, at);
      if (digits == 0) {
        return false;
      }
      at += digits;
    }
    return at == end;
  }

  private static int digitsFrom(String text, int start) {
    int at = start;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at - start;
  }
}
