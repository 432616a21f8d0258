package dev.planaria.chaos.junit;

import dev.planaria.chaos.link.FaultyLink;
import dev.planaria.chaos.process.Victims;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// What a test breaks. A fault counts as met only when it really was: a process that was alive and
/// died by it, one that was stopped, a connection that was open or was tried. A test in which a
/// fault was tried and never met fails, and so does one that tried none. What is still running or
/// stopped at the end is ended. Thread-safe.
public final class Faults {

  private final SplittableRandom random;
  private final Map<String, Long> hits = new LinkedHashMap<>();
  private final List<ProcessHandle> started = new ArrayList<>();
  private final List<BrokenLink> links = new ArrayList<>();

  Faults(long seed) {
    random = new SplittableRandom(seed);
  }

  /// A number that the cycle's seed decides, for instance after how many calls to break something.
  ///
  /// @param from the smallest
  /// @param to the largest
  public int between(int from, int to) {
    synchronized (random) {
      return random.nextInt(from, Math.addExact(to, 1));
    }
  }

  /// Starts a process that is ended at the latest when the cycle is over, with its descendants.
  ///
  /// @throws UncheckedIOException when it does not start
  public Process start(ProcessBuilder builder) {
    try {
      Process process = builder.start();
      synchronized (this) {
        started.add(process.toHandle());
      }
      return process;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /// Kills a process (SIGKILL), and waits until it is gone. What it wrote before can still be read.
  ///
  /// @throws IllegalStateException when it does not go
  public void kill(Process process) throws InterruptedException {
    kill(process.toHandle());
    process.waitFor();
  }

  /// As [#kill(Process)].
  public void kill(ProcessHandle process) throws InterruptedException {
    try {
      tried("kill", Victims.of(process).kill());
    } catch (IOException stays) {
      throw new IllegalStateException(stays);
    }
  }

  /// Stops a process (SIGSTOP): it is there, keeps its connections, and does nothing until what is
  /// returned is closed.
  public Paused pause(Process process) {
    return pause(process.toHandle());
  }

  /// As [#pause(Process)].
  public Paused pause(ProcessHandle process) {
    var paused = new Paused(Victims.of(process));
    try {
      tried("pause", paused.victims.stop());
    } catch (IOException failure) {
      throw new UncheckedIOException("there is no program `kill` to stop a process with", failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a process was stopped", interrupted);
    }
    return paused;
  }

  /// A process that was stopped.
  public static final class Paused implements AutoCloseable {
    private final Victims victims;

    private Paused(Victims victims) {
      this.victims = victims;
    }

    /// Lets it go on (SIGCONT).
    @Override
    public void close() {
      try {
        victims.goOn();
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Puts a link in front of a server on this machine, which can be broken: whoever is to meet its
  /// faults connects to [BrokenLink#port] and not to the server's own.
  ///
  /// @param port the server's
  /// @throws UncheckedIOException when there is no port left
  public BrokenLink link(int port) {
    try {
      long seed;
      synchronized (random) {
        seed = random.nextLong();
      }
      var link = new BrokenLink(new FaultyLink(port), new SplittableRandom(seed), this::tried);
      synchronized (this) {
        links.add(link);
      }
      return link;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private synchronized void tried(String name, long times) {
    hits.merge(name, times, Long::sum);
  }

  /// How often faults were really met, all together.
  public synchronized long hits() {
    return hits.values().stream().mapToLong(Long::longValue).sum();
  }

  /// Why nothing is shown, if so.
  synchronized List<String> gaps() {
    if (hits.isEmpty()) {
      return List.of("no fault was tried, so that nothing is shown");
    }
    return hits.entrySet().stream()
        .filter(tried -> tried.getValue() == 0)
        .map(tried -> tried.getKey() + " was tried and never met: what it was for was gone already")
        .toList();
  }

  /// Ends what is left. A stopped process dies of a kill too.
  void close() {
    List<ProcessHandle> left;
    List<BrokenLink> open;
    synchronized (this) {
      left = List.copyOf(started);
      open = List.copyOf(links);
    }
    open.forEach(BrokenLink::close);
    for (ProcessHandle process : left) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /// The figures.
  @Override
  public synchronized String toString() {
    if (hits.isEmpty()) {
      return "no fault";
    }
    var words = new ArrayList<String>();
    hits.forEach(
        (name, count) -> words.add(name + " met " + count + (count == 1 ? " time" : " times")));
    return String.join(", ", words);
  }
}
