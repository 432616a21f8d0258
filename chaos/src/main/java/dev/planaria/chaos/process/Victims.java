package dev.planaria.chaos.process;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Processes that are about to be killed or stopped, in that order: found beforehand, so that the
/// moment can be chosen. A hit is one that was alive and was met. Used by one thread.
public final class Victims {

  /// A killed process is gone in milliseconds, unless the machine is very busy.
  private static final long END_SECONDS = 60;

  private static final long STEP_MILLIS = 5;

  private final List<ProcessHandle> processes;

  private Victims(List<ProcessHandle> processes) {
    this.processes = List.copyOf(processes);
  }

  /// These; what is not alive by then is not met.
  public static Victims of(List<ProcessHandle> processes) {
    return new Victims(processes);
  }

  /// A single one.
  public static Victims of(ProcessHandle process) {
    return of(List.of(process));
  }

  /// Which they are.
  public List<ProcessHandle> processes() {
    return processes;
  }

  /// Kills them (SIGKILL), and waits until they are gone. What they wrote before can still be read:
  /// not by [Process#destroyForcibly], which closes the pipes of a process that is not dead yet.
  ///
  /// @return how many were met
  /// @throws IOException when one does not go
  public long kill() throws IOException, InterruptedException {
    long met =
        processes.stream()
            .filter(process -> process.isAlive() && process.destroyForcibly())
            .count();
    for (ProcessHandle process : processes) {
      await(process);
    }
    return met;
  }

  /// Looks at it again and again: ProcessHandle.onExit tells in the JDK's common pool, where it may
  /// wait, and every other exit behind it, for the reader of a pipe that a grandchild keeps open.
  static void await(ProcessHandle process) throws IOException, InterruptedException {
    long steps = TimeUnit.SECONDS.toMillis(END_SECONDS) / STEP_MILLIS;
    for (long i = 0; process.isAlive(); i++) {
      if (i == steps) {
        throw new IOException("process " + process.pid() + " did not end");
      }
      var _ = new CountDownLatch(1).await(STEP_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /// Stops them (SIGSTOP): they are there, keep their connections, and do nothing until [#goOn].
  ///
  /// @return how many were met
  public long stop() throws IOException, InterruptedException {
    return signalAll("STOP");
  }

  /// Lets them go on (SIGCONT).
  ///
  /// @return how many were met
  public long goOn() throws IOException, InterruptedException {
    return signalAll("CONT");
  }

  private long signalAll(String name) throws IOException, InterruptedException {
    long met = 0;
    for (ProcessHandle process : processes) {
      met += process.isAlive() && signal(name, process) ? 1 : 0;
    }
    return met;
  }

  private static boolean signal(String name, ProcessHandle process)
      throws IOException, InterruptedException {
    return new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }
}
