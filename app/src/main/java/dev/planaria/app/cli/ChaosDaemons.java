package dev.planaria.app.cli;

import dev.planaria.chaos.experiment.Campaign;
import dev.planaria.chaos.process.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/// Scratch daemons for experiments, on the same Java and the same classes as this process, each in
/// a directory of its own. Thread-safe.
final class ChaosDaemons implements Campaign.Launches {

  private final List<String> command;
  private final List<String> wrap;
  private final Path scratch;
  private final AtomicInteger count = new AtomicInteger();
  private volatile boolean ended;

  /// @param up the command line of `planaria up`
  /// @param wrap that of `planaria wrap`
  /// @param scratch an empty directory
  ChaosDaemons(List<String> up, List<String> wrap, Path scratch) {
    var words = new ArrayList<>(up);
    words.addAll(List.of("--data", Launch.DATA, "--port", Launch.PORT));
    this.command = List.copyOf(words);
    var more = new ArrayList<>(wrap);
    more.addAll(List.of("--data", Launch.DATA, "--session", Launch.SESSION));
    this.wrap = List.copyOf(more);
    this.scratch = scratch;
  }

  @Override
  public Launch next() throws IOException {
    if (ended) {
      throw new IOException("this process was told to end");
    }
    Path directory = scratch.resolve("run-" + count.incrementAndGet());
    Files.createDirectories(directory);
    return new Launch(command, Map.of(), directory.resolve("data"), wrap);
  }

  /// Removes what a daemon has left.
  ///
  /// @param launch how it was started
  static void forget(Launch launch) throws IOException {
    DemoCommand.delete(Objects.requireNonNull(launch.data().getParent(), "it was made here"));
  }

  /// Ends every daemon, and lets no other begin: this process was told to end.
  void end() {
    ended = true;
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  /// True when [#end] was called.
  boolean haveEnded() {
    return ended;
  }
}
