package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/// The key figures of the last day in two lines.
final class KpiText {
  private static final String BEGIN = "last 24 h ";

  private KpiText() {}

  /// @param windows the figures of all windows, or nothing
  static String day(JsonObject windows) {
    JsonObject day = Shown.object(windows, "24h");
    if (day.members().isEmpty()) {
      return "";
    }
    String served =
        number(day, "availability")
            .map(share ->
                percent(share) + " of " + Shown.text(day, "seconds_observed") + " s served; ")
            .orElse("");
    String lost =
        number(day, "data_loss_percent")
            .map(share ->
                " ".repeat(BEGIN.length())
                    + Shown.text(day, "operations_lost")
                    + " of "
                    + Shown.text(day, "operations_acknowledged")
                    + " operations lost ("
                    + rounded(share)
                    + " %), "
                    + Shown.text(day, "checksum_failures")
                    + " checksum failures\n")
            .orElse("");
    return BEGIN + served + recoveries(day) + "\n" + lost;
  }

  private static String recoveries(JsonObject day) {
    return number(day, "recovery_success_rate")
        .map(rate ->
            Shown.text(day, "recoveries")
                + " recoveries, "
                + percent(rate)
                + " well"
                + seconds(day, "mean_time_to_recovery_ms", " on average")
                + seconds(day, "recovery_time_p99_ms", " at most for 99 %"))
        .orElse("no recovery");
  }

  private static String seconds(JsonObject day, String name, String what) {
    return number(day, name)
        .map(millis -> ", " + rounded(millis.movePointLeft(3)) + " s" + what)
        .orElse("");
  }

  private static Optional<BigDecimal> number(JsonObject day, String name) {
    return day.get(name) instanceof JsonNumber(var text)
        ? Optional.of(new BigDecimal(text))
        : Optional.empty();
  }

  private static String percent(BigDecimal share) {
    return rounded(share.movePointRight(2)) + " %";
  }

  private static String rounded(BigDecimal value) {
    BigDecimal rounded = value.setScale(3, RoundingMode.HALF_UP).stripTrailingZeros();
    return rounded.toPlainString();
  }
}
