package dev.planaria.app.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// One process and no other: process ids are reused, so the moment of its start belongs to it.
///
/// @param pid the process id
/// @param startedAt the moment of its start, in a form that only equality is asked of: on Linux the
///   machine's boot id and the clock ticks since then, which no change of the clock touches
public record ProcessIdentity(long pid, String startedAt) {

  private static final int START_TICKS_FIELD = 22;

  /// The identity of the process that now has that id, or nothing when there is none.
  public static Optional<ProcessIdentity> of(long pid) {
    if (pid <= 0) {
      return Optional.empty();
    }
    var stat = Path.of("/proc", Long.toString(pid), "stat");
    try {
      // The second field is the program's name in parentheses and may itself hold anything.
      var fields = Files.readString(stat);
      var afterName = fields.substring(fields.lastIndexOf(')') + 2).split(" ", -1);
      var boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
      return Optional.of(new ProcessIdentity(pid, boot + "/" + afterName[START_TICKS_FIELD - 3]));
    } catch (IOException _) {
      return ProcessHandle.of(pid)
          .flatMap(handle -> handle.info().startInstant())
          .map(start -> new ProcessIdentity(pid, Long.toString(start.toEpochMilli())));
    }
  }

  /// True while that very process lives.
  public boolean isAlive() {
    return of(pid).filter(this::equals).isPresent()
        && ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }
}
