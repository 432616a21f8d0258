package dev.planaria.app.cli;

import dev.planaria.app.daemon.DaemonFile;
import dev.planaria.chaos.process.Victims;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Kills servers that a daemon's worker has started, the worker, or both.
final class EchoKills {
  private static final long LOOK_MILLIS = 5;
  private static final long PATIENCE_MILLIS = 30_000;

  /// Who is killed.
  enum Victim {
    SERVER,
    /// The server, and the next one as soon as it is there: while it is rebuilt.
    SERVER_TWICE,
    WORKER,
    BOTH
  }

  private final WrappedDaemon daemon;
  private final String mark;

  /// @param mark a word that stands on the command line of this test's servers, and on no other
  EchoKills(WrappedDaemon daemon, String mark) {
    this.daemon = daemon;
    this.mark = mark;
  }

  /// Kills, and returns when it is done.
  void kill(Victim victim, Random random) throws IOException, InterruptedException {
    DaemonFile running = daemon.await("a daemon", _ -> true);
    List<ProcessHandle> servers = serversOf(running);
    if (servers.isEmpty()) {
      throw new AssertionError("there is no server to kill");
    }
    switch (victim) {
      case SERVER -> Victims.of(servers).kill();
      case SERVER_TWICE -> {
        Victims.of(servers).kill();
        Victims.of(await(running, servers)).kill();
      }
      case WORKER -> Victims.of(worker(running)).kill();
      case BOTH -> {
        // In either order: the worker may still see that its server is gone, or not.
        List<ProcessHandle> all = new ArrayList<>(servers);
        all.addAll(random.nextBoolean() ? 0 : all.size(), worker(running));
        Victims.of(all).kill();
      }
    }
  }

  private static List<ProcessHandle> worker(DaemonFile running) {
    return ProcessHandle.of(running.worker().pid()).stream().toList();
  }

  private static List<ProcessHandle> serversOf(DaemonFile running) {
    return worker(running).stream().flatMap(ProcessHandle::descendants).toList();
  }

  /// Waits for a server after those.
  private static List<ProcessHandle> await(DaemonFile running, List<ProcessHandle> before)
      throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (System.nanoTime() < until) {
      List<ProcessHandle> now =
          serversOf(running).stream().filter(server -> !before.contains(server)).toList();
      if (!now.isEmpty()) {
        return now;
      }
      pause();
    }
    throw new AssertionError("no server was started again");
  }

  /// Processes and their files do not say when they come; they are looked for.
  static void pause() throws InterruptedException {
    if (new CountDownLatch(1).await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
      throw new AssertionError("nobody counts down");
    }
  }

  /// The servers of this test that are still there, whoever their parent is; none where there is no
  /// `/proc`.
  List<String> orphans() throws IOException, InterruptedException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    List<String> found = marked();
    while (!found.isEmpty() && System.nanoTime() < until) {
      pause();
      found = marked();
    }
    return found;
  }

  /// How many servers of this test there are; 0 where there is no `/proc`.
  int running() throws IOException {
    return marked().size();
  }

  private List<String> marked() throws IOException {
    Path all = Path.of("/proc");
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    var found = new ArrayList<String>();
    try (Stream<Path> processes = Files.list(all)) {
      for (Path process : processes.toList()) {
        if (process.getFileName().toString().matches("[0-9]+") && isMarked(process)) {
          found.add(process.getFileName().toString());
        }
      }
    }
    return found;
  }

  private boolean isMarked(Path process) {
    try {
      String line = Files.readString(process.resolve("cmdline"));
      return line.contains("EchoServer\0") && line.contains(mark) && !line.contains("WrapMain");
    } catch (IOException gone) {
      return false;
    }
  }
}
