package dev.planaria.chaos.report;

import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.report.RunReport.Verdict;
import dev.planaria.engine.json.WireName;
import java.util.Locale;

/// How values read in reports, and what keeps a stranger's text from doing anything there: the
/// names and sentences of a report may come from servers that lie.
final class Wording {

  private Wording() {}

  /// A text on one line, without what could rewrite a terminal or break XML: control characters,
  /// marks that turn the direction of writing around, halves of characters.
  static String plain(String text) {
    return text.codePoints()
        .map(c -> isHarmless(c) ? c : 0xFFFD)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isHarmless(int c) {
    boolean control = Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
    boolean turning =
        (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0x200E || c == 0x200F;
    boolean half = c >= 0xD800 && c <= 0xDFFF;
    boolean none = (c & 0xFFFE) == 0xFFFE;
    return !control && !turning && !half && !none;
  }

  /// As [#plain], and no longer than so many characters.
  static String cut(String text, int characters) {
    if (text.codePointCount(0, text.length()) <= characters) {
      return plain(text);
    }
    return plain(text.substring(0, text.offsetByCodePoints(0, characters - 3))) + "...";
  }

  /// As [#plain], for HTML and XML, as text or within a quoted attribute.
  static String escaped(String text) {
    var out = new StringBuilder(text.length() + 16);
    plain(text)
        .codePoints()
        .forEach(c -> {
          switch (c) {
            case '&' -> out.append("&amp;");
            case '<' -> out.append("&lt;");
            case '>' -> out.append("&gt;");
            case '"' -> out.append("&quot;");
            case '\'' -> out.append("&#39;");
            default -> out.appendCodePoint(c);
          }
        });
    return out.toString();
  }

  /// A duration, to three digits or so.
  static String duration(long millis) {
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
    }
    long seconds = millis / 1_000;
    return seconds < 3_600
        ? seconds / 60 + " min " + seconds % 60 + " s"
        : seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
  }

  /// A number with its thousands apart.
  static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /// `1 run`, `2 runs`.
  static String count(long count, String one) {
    return number(count) + " " + one + (count == 1 ? "" : "s");
  }

  static String verdict(Verdict verdict) {
    return switch (verdict) {
      case PASSED -> "PASSED";
      case FAILED -> "FAILED";
      case PROVED_NOTHING -> "PROVED NOTHING";
    };
  }

  /// `kill of worker`.
  static String fault(FaultSpec spec) {
    return fault(new ChaosReport.NamedFault(spec.fault().kind(), spec.target()));
  }

  /// As above.
  static String fault(ChaosReport.NamedFault fault) {
    return spaced(fault.kind()) + " of " + spaced(WireName.of(fault.target()));
  }

  /// `half_open` as `half open`.
  static String spaced(String wireName) {
    return wireName.replace('_', ' ');
  }

  /// Bytes of memory, in GiB.
  static String memory(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
  }
}
