package dev.planaria.app.daemon;

import dev.planaria.app.gateway.wire.Log;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Makes a line of each event, with the time at which it was told. Thread-safe if its taker is.
///
/// @param format of a line
/// @param nowMillis Unix time
/// @param ids that stand on each line
/// @param taker gets the lines, each with its end
record FormattedLog(
    LogFormat format, LongSupplier nowMillis, Map<String, String> ids, Consumer<String> taker)
    implements Log {

  FormattedLog(LogFormat format, LongSupplier nowMillis, Consumer<String> taker) {
    this(format, nowMillis, Map.of(), taker);
  }

  @Override
  public void info(String message) {
    taker.accept(format.line(nowMillis.getAsLong(), LogFormat.Severity.INFO, message, ids, null));
  }

  @Override
  public void warn(String message, @Nullable Throwable cause) {
    taker.accept(format.line(nowMillis.getAsLong(), LogFormat.Severity.WARN, message, ids, cause));
  }

  @Override
  public Log with(String name, Object id) {
    var more = new LinkedHashMap<>(ids);
    more.put(name, id.toString());
    return new FormattedLog(format, nowMillis, more, taker);
  }
}
