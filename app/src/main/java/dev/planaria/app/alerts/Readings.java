package dev.planaria.app.alerts;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What was found out about a daemon, as facts: what of it is bad is for [AlertRules] to say.
/// "Nobody knows" is null or stands among what is unread, and neither fires nor clears anything.
///
/// @param kpis figures over windows
/// @param stuck what stands still; one for each kind and subject
/// @param away connections that are offline
/// @param queues of calls, those that hold anything
/// @param uncheckpointed sessions with operations that are in no checkpoint
/// @param losses recoveries that lost something, or may have
/// @param crashesMillis when the worker died, Unix time
/// @param disk under the data directory
/// @param flaws what was found to be wrong with stored data
/// @param unseenSessions ids of sessions that nobody has looked at yet in this process, or that
///   could not be looked at again
/// @param unread what could not be read, at most one for each part
public record Readings(
    Kpis kpis,
    List<Stuck> stuck,
    List<Away> away,
    List<Queue> queues,
    List<Uncheckpointed> uncheckpointed,
    List<Loss> losses,
    List<Long> crashesMillis,
    @Nullable Disk disk,
    @Nullable Flaws flaws,
    Set<String> unseenSessions,
    List<Unread> unread) {

  /// Before the first turn.
  ///
  /// @param nowMillis Unix time
  public static Readings notYet(long nowMillis) {
    return new Readings(
        Kpis.UNKNOWN,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        null,
        null,
        Set.of(),
        Arrays.stream(Part.values())
            .map(part -> new Unread(part, nowMillis, "nobody has looked yet"))
            .toList());
  }

  /// Copies the lists.
  public Readings {
    stuck = List.copyOf(stuck);
    away = List.copyOf(away);
    queues = List.copyOf(queues);
    uncheckpointed = List.copyOf(uncheckpointed);
    losses = List.copyOf(losses);
    crashesMillis = List.copyOf(crashesMillis);
    unseenSessions = Set.copyOf(unseenSessions);
    unread = List.copyOf(unread);
  }

  /// Why a part could not be read; null when it was.
  public @Nullable Unread unread(Part part) {
    return unread.stream().filter(one -> one.part() == part).findFirst().orElse(null);
  }

  /// The same, with crashes that somebody else knows of; one that both know counts once.
  Readings crashedAlso(List<Long> atMillis) {
    return new Readings(
        kpis,
        stuck,
        away,
        queues,
        uncheckpointed,
        losses,
        Stream.concat(crashesMillis.stream(), atMillis.stream()).distinct().toList(),
        disk,
        flaws,
        unseenSessions,
        unread);
  }

  /// The same, with other flaws.
  public Readings with(Flaws changed) {
    return new Readings(
        kpis,
        stuck,
        away,
        queues,
        uncheckpointed,
        losses,
        crashesMillis,
        disk,
        changed,
        unseenSessions,
        unread);
  }

  /// What is read by itself, and fails or hangs by itself.
  public enum Part {
    /// The journal writer, by a round trip.
    WRITER("the journal writer"),
    /// Which sessions there are.
    SESSIONS("the list of sessions"),
    /// Sessions one by one, with their recoveries and checkpoints.
    LOOKS("what is stored of sessions"),
    /// The recoveries after crashes.
    RECOVERIES("the recoveries after crashes"),
    /// Figures over windows.
    FIGURES("the figures over windows"),
    /// Room under the data directory.
    DISK("the room on the disk");

    private final String words;

    Part(String words) {
      this.words = words;
    }

    /// For a sentence.
    public String words() {
      return words;
    }
  }

  /// A part that could not be read.
  ///
  /// @param part which
  /// @param sinceMillis since when, Unix time
  /// @param reason why, in words that follow a colon
  public record Unread(Part part, long sinceMillis, String reason) {}

  /// A figure.
  ///
  /// @param value null when there is no sample
  /// @param sample how much it rests on
  public record Figure(@Nullable Double value, long sample) {}

  /// Figures over windows; one that nobody can tell is null.
  ///
  /// @param recoverySuccess recovered over tried, 0 to 1, in the last hour; sample: recoveries
  /// @param recoveryMillis mean time from failure to success in the last hour; sample: recoveries
  /// @param loss lost over acknowledged operations, 0 to 1, in the last day; sample: acknowledged
  /// @param availability share of seconds served, 0 to 1, in the last day; sample: seconds
  public record Kpis(
      @Nullable Figure recoverySuccess,
      @Nullable Figure recoveryMillis,
      @Nullable Figure loss,
      @Nullable Figure availability) {
    /// Nobody can tell any of them.
    public static final Kpis UNKNOWN = new Kpis(null, null, null, null);
  }

  /// What can stand still.
  public enum Still {
    QUARANTINED_SESSION,
    SESSION,
    /// A busy agent that is not heard of; told by the health alone, since quiet is not dead.
    AGENT,
    TASK,
    CALL,
    CONNECTION
  }

  /// Something that does not get on.
  ///
  /// @param what stands still
  /// @param subject where
  /// @param sinceMillis when the oldest of it last moved, Unix time
  /// @param count of how much of it
  /// @param reason of the oldest, in words that follow a colon
  public record Stuck(Still what, Subject subject, long sinceMillis, int count, String reason) {}

  /// A connection that is offline.
  ///
  /// @param subject a server of a session
  /// @param sinceMillis when the attempts that come fast were given up, Unix time
  /// @param reason why it cannot be reached
  public record Away(Subject subject, long sinceMillis, String reason) {}

  /// Calls that wait for a server.
  ///
  /// @param subject a server of a session
  /// @param waiting how many
  /// @param share of the queue's limit, in calls or bytes, whichever is more
  public record Queue(Subject subject, int waiting, double share) {}

  /// A session with operations that are in no checkpoint.
  ///
  /// @param subject the session
  /// @param sinceMillis since when there are any, Unix time
  /// @param operations how many
  public record Uncheckpointed(Subject subject, long sinceMillis, long operations) {}

  /// A recovery that lost something, or may have.
  ///
  /// @param subject the session
  /// @param recoveryId tells one loss from another
  /// @param finishedMillis when, Unix time
  /// @param operations how many are certainly lost
  /// @param words what was lost, for the end of a sentence about the session
  public record Loss(
      Subject subject, String recoveryId, long finishedMillis, long operations, String words) {}

  /// Room on a disk.
  ///
  /// @param freeBytes that may be used
  /// @param totalBytes its size
  public record Disk(long freeBytes, long totalBytes) {}

  /// Something stored that is not what was written.
  ///
  /// @param subject a session, or the daemon when it concerns the whole store
  /// @param sentence what
  public record Flaw(Subject subject, String sentence) {}

  /// What a reading of stored data has found.
  ///
  /// @param found in it
  /// @param sound what somebody has read since then, with nothing found; what is found all the same
  ///   was found later
  /// @param complete false while the reading goes on: of what it has not come to nobody knows
  public record Flaws(List<Flaw> found, List<Subject> sound, boolean complete) {

    /// Copies the lists.
    public Flaws {
      found = List.copyOf(found);
      sound = List.copyOf(sound);
    }

    /// What the reading says alone.
    public Flaws(List<Flaw> found, boolean complete) {
      this(found, List.of(), complete);
    }
  }
}
