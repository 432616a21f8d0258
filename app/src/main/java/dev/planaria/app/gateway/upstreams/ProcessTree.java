package dev.planaria.app.gateway.upstreams;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A child and everything that it started, which ends with it. Thread-safe.
///
/// Descendants alone would miss a process whose parent has ended. Where the child leads a session
/// of its own (`setsid`), everything in that session belongs to it too, which Linux tells in
/// `/proc`. Only a process that left both the tree and the session escapes; daemons do that on
/// purpose.
final class ProcessTree {
  private static final int SESSION_FIELD = 6;

  /// New processes may appear while old ones are being killed.
  private static final int ROUNDS = 8;

  private static final long ROUND_MILLIS = 250;

  private final ProcessHandle root;
  private final boolean ownSession;
  private final Set<ProcessHandle> seen = new HashSet<>();
  private boolean gone;

  /// @param ownSession true when the root leads a session of its own
  ProcessTree(ProcessHandle root, boolean ownSession) {
    this.root = root;
    this.ownSession = ownSession;
  }

  /// Asks everything to end (SIGTERM).
  synchronized void terminate() {
    members().forEach(ProcessHandle::destroy);
  }

  /// Ends everything (SIGKILL).
  ///
  /// @return the processes that are there nevertheless
  synchronized List<ProcessHandle> kill() throws InterruptedException {
    for (int round = 0; round < ROUNDS && !gone; round++) {
      List<ProcessHandle> members = members();
      members.forEach(ProcessHandle::destroyForcibly);
      awaitAll(members, ROUND_MILLIS);
      gone = members().isEmpty();
    }
    return gone ? List.of() : members();
  }

  /// Waits for the end of everything.
  ///
  /// @return true when nothing is left
  boolean awaitEnd(long millis) throws InterruptedException {
    List<ProcessHandle> members = members();
    awaitAll(members, millis);
    return members().isEmpty();
  }

  private static void awaitAll(List<ProcessHandle> members, long millis)
      throws InterruptedException {
    try {
      CompletableFuture.allOf(
              members.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
          .get(millis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      // who asks looks again
    } catch (ExecutionException e) {
      throw new IllegalStateException("the end of a process is no failure", e);
    }
  }

  /// All that are alive, remembered for when their parents are gone. Once nothing was left nothing
  /// is looked for any more: the session's number may belong to somebody else by then.
  private synchronized List<ProcessHandle> members() {
    if (gone) {
      return List.of();
    }
    for (ProcessHandle known : new ArrayList<>(seen)) {
      known.descendants().forEach(seen::add);
    }
    seen.add(root);
    root.descendants().forEach(seen::add);
    if (ownSession) {
      seen.addAll(session());
    }
    seen.removeIf(process -> !process.isAlive());
    return List.copyOf(seen);
  }

  private List<ProcessHandle> session() {
    var found = new ArrayList<ProcessHandle>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (isInSession(process)) {
          ProcessHandle.of(Long.parseLong(process.getFileName().toString())).ifPresent(found::add);
        }
      }
    } catch (IOException _) {
      return found; // no /proc: the tree must do
    }
    return found;
  }

  private boolean isInSession(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"));
      // The second field is the program's name in parentheses and may itself hold anything.
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", SESSION_FIELD);
      return !fields[0].equals("Z") && fields[SESSION_FIELD - 3].equals(Long.toString(root.pid()));
    } catch (IOException _) {
      return false; // it has ended meanwhile
    }
  }
}
