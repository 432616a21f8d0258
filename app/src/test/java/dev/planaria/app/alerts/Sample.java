package dev.planaria.app.alerts;

import dev.planaria.app.alerts.Readings.Figure;
import dev.planaria.app.alerts.Readings.Kpis;
import dev.planaria.app.alerts.Readings.Part;
import dev.planaria.app.alerts.Readings.Still;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Readings in which one thing is bad, or all is well.
final class Sample {
  static final long START = 1_800_000_000_000L;
  static final Subject SESSION = Subject.session("01890000-0000-7000-8000-000000000001", "alpha");
  static final Subject SERVER = Subject.server(String.valueOf(SESSION.sessionId()), "alpha", "db");
  private static final long LONG_AGO = START - 86_400_000;

  private Sample() {}

  /// Everything is known, and well.
  static Readings good() {
    return ReadingsBuilder.good().build();
  }

  static Kpis kpis(
      @Nullable Double success,
      @Nullable Double millis,
      @Nullable Double loss,
      @Nullable Double availability,
      long sample) {
    return new Kpis(
        new Figure(success, sample),
        new Figure(millis, sample),
        new Figure(loss, sample),
        new Figure(availability, sample));
  }

  /// All is well but the one thing.
  static Readings bad(AlertType type) {
    return switch (type) {
      case RECOVERY_FAILURE_RATE_HIGH -> with(kpis(0.98, 100.0, 0.0, 1.0, 1_000_000));
      case RECOVERY_TIME_HIGH -> with(kpis(1.0, 30_001.0, 0.0, 1.0, 1_000_000));
      case DATA_LOSS_HIGH -> with(kpis(1.0, 100.0, 0.0011, 1.0, 1_000_000));
      case AVAILABILITY_LOW -> with(kpis(1.0, 100.0, 0.0, 0.9989, 1_000_000));
      case OPERATIONS_LOST -> lost("recovery-1", START);
      case SESSION_STUCK -> stuck(Still.QUARANTINED_SESSION, SESSION);
      case TASK_STUCK -> stuck(Still.TASK, SESSION);
      case CALL_STUCK -> stuck(Still.CALL, SERVER);
      case CONNECTION_STUCK -> stuck(Still.CONNECTION, SERVER);
      case CONNECTION_LOST -> away(LONG_AGO);
      case QUEUE_NEARLY_FULL -> queue(0.8);
      case CHECKPOINT_OVERDUE ->
          ReadingsBuilder.good()
              .uncheckpointed(List.of(new Readings.Uncheckpointed(SESSION, LONG_AGO, 7)))
              .build();
      case CRASH_LOOP -> crashes(List.of(START, START + 1, START + 2));
      case DISK_LOW -> disk(4L << 30);
      case INTEGRITY_FINDING ->
          flaws(
              new Readings.Flaws(List.of(new Readings.Flaw(SESSION, "frame 7 is damaged")), true));
      case STORE_UNANSWERED -> ReadingsBuilder.good().unread(START, Part.WRITER).build();
    };
  }

  static Readings with(Kpis kpis) {
    return ReadingsBuilder.good().kpis(kpis).build();
  }

  static Readings failing(double rate, long sample) {
    return with(kpis(1 - rate, 100.0, 0.0, 1.0, sample));
  }

  static Readings lost(String recovery, long atMillis) {
    return ReadingsBuilder.good()
        .losses(
            List.of(
                new Readings.Loss(
                    SESSION, recovery, atMillis, 3, "lost 3 acknowledged operations")))
        .build();
  }

  static Readings stuck(Still what, Subject subject) {
    return stuck(List.of(new Readings.Stuck(what, subject, LONG_AGO, 1, "because")));
  }

  static Readings stuck(List<Readings.Stuck> all) {
    return ReadingsBuilder.good().stuck(all).build();
  }

  static Readings away(long sinceMillis) {
    return ReadingsBuilder.good()
        .away(List.of(new Readings.Away(SERVER, sinceMillis, "connection refused")))
        .build();
  }

  static Readings queue(double share) {
    return ReadingsBuilder.good().queues(List.of(new Readings.Queue(SERVER, 800, share))).build();
  }

  static Readings crashes(List<Long> atMillis) {
    return ReadingsBuilder.good().crashes(atMillis).build();
  }

  static Readings disk(long freeBytes) {
    return ReadingsBuilder.good().disk(new Readings.Disk(freeBytes, 100L << 30)).build();
  }

  /// All is well but what is stored.
  static Readings flaws(Readings.Flaws flaws) {
    return ReadingsBuilder.good().flaws(flaws).build();
  }

  /// Nothing is known, not even of the session.
  static Readings unknown() {
    return ReadingsBuilder.quiet().unseen(Set.of(String.valueOf(SESSION.sessionId()))).build();
  }
}
