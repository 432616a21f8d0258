package dev.planaria.app.alerts;

import dev.planaria.app.alerts.Readings.Figure;
import dev.planaria.app.alerts.Readings.Kpis;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Readings for tests: what is not said is as it was at the beginning.
public final class ReadingsBuilder {
  private Kpis kpis = Kpis.UNKNOWN;
  private List<Readings.Stuck> stuck = List.of();
  private List<Readings.Away> away = List.of();
  private List<Readings.Queue> queues = List.of();
  private List<Readings.Uncheckpointed> uncheckpointed = List.of();
  private List<Readings.Loss> losses = List.of();
  private List<Long> crashesMillis = List.of();
  private Readings.@Nullable Disk disk;
  private Readings.@Nullable Flaws flaws;
  private Set<String> unseen = Set.of();
  private List<Readings.Unread> unread = List.of();

  private ReadingsBuilder() {}

  /// No figure is known, nor the disk, nor what is stored; of sessions, that all is well.
  public static ReadingsBuilder quiet() {
    return new ReadingsBuilder();
  }

  /// Everything is known, and well.
  public static ReadingsBuilder good() {
    var sample = 1_000_000;
    return quiet()
        .kpis(
            new Kpis(
                new Figure(1.0, sample),
                new Figure(100.0, sample),
                new Figure(0.0, sample),
                new Figure(1.0, sample)))
        .disk(new Readings.Disk(90L << 30, 100L << 30))
        .flaws(new Readings.Flaws(List.of(), true));
  }

  public ReadingsBuilder kpis(Kpis changed) {
    kpis = changed;
    return this;
  }

  public ReadingsBuilder stuck(List<Readings.Stuck> changed) {
    stuck = changed;
    return this;
  }

  public ReadingsBuilder away(List<Readings.Away> changed) {
    away = changed;
    return this;
  }

  public ReadingsBuilder queues(List<Readings.Queue> changed) {
    queues = changed;
    return this;
  }

  public ReadingsBuilder uncheckpointed(List<Readings.Uncheckpointed> changed) {
    uncheckpointed = changed;
    return this;
  }

  public ReadingsBuilder losses(List<Readings.Loss> changed) {
    losses = changed;
    return this;
  }

  public ReadingsBuilder crashes(List<Long> changedMillis) {
    crashesMillis = changedMillis;
    return this;
  }

  public ReadingsBuilder disk(Readings.@Nullable Disk changed) {
    disk = changed;
    return this;
  }

  public ReadingsBuilder flaws(Readings.@Nullable Flaws changed) {
    flaws = changed;
    return this;
  }

  public ReadingsBuilder unseen(Set<String> changed) {
    unseen = changed;
    return this;
  }

  /// These parts could not be read.
  public ReadingsBuilder unread(long sinceMillis, Readings.Part... parts) {
    unread =
        List.of(parts).stream()
            .map(part -> new Readings.Unread(part, sinceMillis, "input/output error"))
            .toList();
    return this;
  }

  public Readings build() {
    return new Readings(
        kpis,
        stuck,
        away,
        queues,
        uncheckpointed,
        losses,
        crashesMillis,
        disk,
        flaws,
        unseen,
        unread);
  }
}
