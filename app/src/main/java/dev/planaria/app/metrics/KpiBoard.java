package dev.planaria.app.metrics;

import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.metrics.Kpis;
import dev.planaria.engine.metrics.MinuteBook;
import dev.planaria.engine.metrics.RecoverySample;
import dev.planaria.engine.metrics.RecoverySamples;
import dev.planaria.engine.metrics.Window;
import dev.planaria.engine.session.EngineFigures;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The key figures of all windows, computed from what is durable when somebody asks, but not more
/// often than every two seconds: it reads 2.9 MB. Thread-safe.
public final class KpiBoard {

  private static final long FRESH_MILLIS = 2_000;

  private final EngineFigures figures;
  private final RecoverySamples samples;
  private final LongSupplier nowMillis;
  private final Log log;
  private volatile @Nullable MinuteBook book;
  private @Nullable Shown shown;

  /// What was computed.
  ///
  /// @param atMillis when, Unix time
  /// @param kpis for each window
  /// @param damagedMinutes slots of the book that cannot be read, and were left out
  /// @param unreadableRecords recovery records of which the same is true
  /// @param bookRead false when the book of minutes could not be read, or is not open yet: what is
  ///   made of it is not known
  public record Shown(
      long atMillis,
      Map<Window, Kpis> kpis,
      int damagedMinutes,
      int unreadableRecords,
      boolean bookRead) {

    /// Copies the map.
    public Shown {
      kpis = Map.copyOf(kpis);
    }

    /// The figures of a window.
    public Kpis of(Window window) {
      return Objects.requireNonNull(kpis.get(window));
    }
  }

  /// @param figures of the engine
  /// @param samples has listened to the engine since it was opened
  /// @param nowMillis Unix time
  /// @param log for operators
  public KpiBoard(EngineFigures figures, RecoverySamples samples, LongSupplier nowMillis, Log log) {
    this.figures = figures;
    this.samples = samples;
    this.nowMillis = nowMillis;
    this.log = log;
  }

  /// From here on there is a book.
  public void use(MinuteBook opened) {
    book = opened;
  }

  /// The figures as they are now, or were a moment ago.
  ///
  /// @throws dev.planaria.engine.journal.JournalException.StoreFailed when the store cannot be read
  public synchronized Shown now() {
    long now = nowMillis.getAsLong();
    Shown known = shown;
    if (known != null && now >= known.atMillis() && now - known.atMillis() < FRESH_MILLIS) {
      return known;
    }
    if (!samples.isLoaded()) {
      samples.load(figures, now);
    }
    MinuteBook.Reading found = read(now);
    MinuteBook.Reading reading =
        found == null ? new MinuteBook.Reading(List.of(), 0, null, false) : found;
    List<RecoverySample> recoveries = samples.inOrder(now);
    var kpis = new EnumMap<Window, Kpis>(Window.class);
    for (Window window : Window.values()) {
      kpis.put(window, Kpis.over(window, now, recoveries, reading.minutes()));
    }
    var computed = new Shown(now, kpis, reading.damaged(), samples.unreadable(), found != null);
    shown = computed;
    return computed;
  }

  private MinuteBook.@Nullable Reading read(long now) {
    MinuteBook present = book;
    if (present == null) {
      return null;
    }
    try {
      return present.read(now);
    } catch (IOException e) {
      log.warn("the book of minutes cannot be read; figures lack what is in it", e);
      return null;
    }
  }
}
