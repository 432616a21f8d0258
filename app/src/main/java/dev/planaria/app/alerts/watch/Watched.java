package dev.planaria.app.alerts.watch;

import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.Subject;
import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.session.SessionSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is remembered of a session since it was last looked at.
///
/// @param summary as it was then
/// @param statusSinceMillis since when it has its status, as far as this process saw, Unix time
/// @param lookedMillis when it was looked at, Unix time
/// @param look what stood still
/// @param reason why it is quarantined, or empty
/// @param losses of its recoveries
/// @param tail what of it is in no checkpoint
record Watched(
    SessionSummary summary,
    long statusSinceMillis,
    long lookedMillis,
    SessionLook look,
    String reason,
    List<Readings.Loss> losses,
    Tail tail) {

  /// What of a session is in no checkpoint.
  ///
  /// @param coveredSeq the last operation in the newest checkpoint that was verified; 0 for none
  /// @param sinceMillis when the first operation beyond it was seen, Unix time; null for none
  record Tail(long coveredSeq, @Nullable Long sinceMillis) {

    /// @param seq the newest operation
    /// @param updatedMillis when that was made, Unix time
    static Tail of(List<CheckpointInfo> checkpoints, long seq, long updatedMillis) {
      long covered = 0;
      for (CheckpointInfo info : checkpoints) {
        covered = info.verified() ? Math.max(covered, info.seq()) : covered;
      }
      return new Tail(covered, seq > covered ? (Long) updatedMillis : null);
    }

    /// The same after a look at the checkpoints. What is not covered came after the newest of them.
    Tail after(List<CheckpointInfo> checkpoints, long seq) {
      long covered = coveredSeq;
      long takenMillis = 0;
      for (CheckpointInfo info : checkpoints) {
        if (info.verified() && info.seq() > covered) {
          covered = info.seq();
          takenMillis = info.createdAtMillis();
        }
      }
      if (seq <= covered) {
        return new Tail(covered, null);
      }
      return sinceMillis == null || covered == coveredSeq
          ? new Tail(covered, sinceMillis)
          : new Tail(covered, Math.max(sinceMillis, takenMillis));
    }

    /// The same when the session has gone on.
    Tail grown(long seq, long nowMillis) {
      return sinceMillis != null || seq <= coveredSeq ? this : new Tail(coveredSeq, nowMillis);
    }
  }

  /// True when it is another one than when it was looked at.
  boolean isStale(SessionSummary now) {
    return now.seq() != summary.seq() || now.status() != summary.status();
  }

  Watched with(Tail changed) {
    return new Watched(summary, statusSinceMillis, lookedMillis, look, reason, losses, changed);
  }

  Subject subject() {
    return Subject.session(summary.id().toString(), summary.name());
  }
}
