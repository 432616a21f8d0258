package dev.planaria.engine.metrics;

import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.recovery.RecoveryRun;
import dev.planaria.engine.session.EngineEvent;
import dev.planaria.engine.session.EngineFigures;
import dev.planaria.engine.state.SessionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The recoveries of the last 31 days: read from the store once, and heard of from then on. It must
/// listen from the engine's opening on, so that nothing is left out between the two. Bounded: of
/// more than 100,000 recoveries the oldest are forgotten. Thread-safe.
public final class RecoverySamples implements Consumer<EngineEvent> {

  /// The longest window, and a day in which a recovery may have begun.
  private static final long KEPT_MILLIS = Window.MONTH.millis() + 86_400_000;

  /// A recovery is told of at once after it was saved; a run goes on while it is being saved.
  private static final long TOLD_MILLIS = 3_600_000;

  /// 80 bytes of memory each.
  private static final int MOST = 100_000;

  private final int most;
  private final List<RecoverySample> samples = new ArrayList<>();

  /// What was heard of before the store was read, and is in it too by now.
  private final Set<Key> heard = new HashSet<>();

  /// What was read a moment after it was saved, and may still be heard of.
  private final Set<Key> justRead = new HashSet<>();

  private boolean loaded;
  private int unreadable;

  /// A recovery: of a session, or a run.
  private record Key(String recoveryId, @Nullable SessionId session) {}

  /// Nothing is known yet.
  public RecoverySamples() {
    this(MOST);
  }

  RecoverySamples(int most) {
    this.most = most;
  }

  @Override
  public void accept(EngineEvent event) {
    switch (event) {
      case EngineEvent.SessionRecovered(RecoveryRecord record) -> hear(record);
      case EngineEvent.SessionQuarantined(RecoveryRecord record) -> hear(record);
      case EngineEvent.RecoveryFinished(RecoveryRun run) -> hear(run);
      case EngineEvent.RecoveryBegun _,
          EngineEvent.DamageFound _,
          EngineEvent.CheckpointTaken _,
          EngineEvent.CheckpointFailed _ -> {
        // nothing that ended
      }
    }
  }

  private synchronized void hear(RecoveryRecord record) {
    if (isNews(new Key(record.recoveryId(), record.sessionId()))) {
      add(RecoverySample.of(record));
    }
  }

  private synchronized void hear(RecoveryRun run) {
    if (isNews(new Key(run.recoveryId(), null))) {
      run.lostSessions().forEach(_ -> add(RecoverySample.lostIn(run)));
    }
  }

  private boolean isNews(Key key) {
    if (!loaded && heard.size() < most) {
      heard.add(key);
    }
    return !justRead.remove(key);
  }

  private void add(RecoverySample sample) {
    samples.add(sample);
    if (samples.size() > most + most / 10) {
      samples.sort(RecoverySample.ORDER);
      samples.subList(0, samples.size() - most).clear();
    }
  }

  /// Reads what the store keeps. Takes a while when there is much of it; done once.
  ///
  /// @param nowMillis Unix time
  /// @throws dev.planaria.engine.journal.JournalException.StoreFailed when it cannot be read; try
  ///   again
  public void load(EngineFigures figures, long nowMillis) {
    var stored = new ArrayList<RecoverySample>();
    var keys = new ArrayList<Key>();
    int damaged =
        figures.recoveries(
            nowMillis - KEPT_MILLIS,
            most,
            record -> {
              stored.add(RecoverySample.of(record));
              keys.add(new Key(record.recoveryId(), record.sessionId()));
            },
            run ->
                run.lostSessions()
                    .forEach(_ -> {
                      stored.add(RecoverySample.lostIn(run));
                      keys.add(new Key(run.recoveryId(), null));
                    }));
    synchronized (this) {
      if (loaded) {
        return;
      }
      loaded = true;
      unreadable = damaged;
      for (int i = 0; i < stored.size(); i++) {
        if (!heard.contains(keys.get(i))) {
          samples.add(stored.get(i));
          if (stored.get(i).finishedAtMillis() >= nowMillis - TOLD_MILLIS) {
            justRead.add(keys.get(i));
          }
        }
      }
      heard.clear();
    }
  }

  /// True once the store was read.
  public synchronized boolean isLoaded() {
    return loaded;
  }

  /// How many records of the store could not be read.
  public synchronized int unreadable() {
    return unreadable;
  }

  /// All of them, in the order in which they ended.
  ///
  /// @param nowMillis Unix time; those of long before are forgotten
  public synchronized List<RecoverySample> inOrder(long nowMillis) {
    samples.removeIf(sample -> sample.finishedAtMillis() < nowMillis - KEPT_MILLIS);
    samples.sort(RecoverySample.ORDER);
    return List.copyOf(samples);
  }
}
