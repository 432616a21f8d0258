package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.storage.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// Runs [FixedWorkload] in a process of its own under `strace`, which can make system calls fail.
final class ChildWorkload {

  private static final long LIMIT_SECONDS = 60;

  private ChildWorkload() {}

  /// What a run said.
  ///
  /// @param lines its standard output
  /// @param faults how many system calls were made to fail
  record Run(List<String> lines, int faults) {
    boolean opened() {
      return lines.contains("open");
    }

    boolean finished() {
      return lines.contains("done");
    }

    long count(String prefix) {
      return lines.stream().filter(line -> line.startsWith(prefix + " ")).count();
    }
  }

  /// True where processes can be traced.
  static boolean canTrace() {
    try {
      Process probe =
          new ProcessBuilder("strace", "-qq", "-o", "/dev/null", "true")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return probe.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && probe.exitValue() == 0;
    } catch (IOException noStrace) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Runs the workload on a data directory.
  ///
  /// @param trace where the system calls are written to
  /// @param options of strace
  static Run run(Path directory, Path trace, String... options) throws Exception {
    var line = new ArrayList<String>(List.of("strace", "-f", "-qq", "-o", trace.toString()));
    line.addAll(Arrays.asList(options));
    String java = ProcessHandle.current().info().command().orElseThrow(IllegalStateException::new);
    String classes =
        System.getProperty(
            "surefire.test.class.path",
            Objects.requireNonNull(System.getProperty("java.class.path")));
    line.addAll(
        List.of(
            java,
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classes,
            FixedWorkload.class.getName(),
            directory.toString()));
    Process child = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    List<String> lines;
    try (var output = child.inputReader()) {
      lines = output.lines().toList();
    }
    assertThat(child.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).as("the child ends").isTrue();
    int faults = 0;
    for (String call : Files.readAllLines(trace)) {
      faults += call.contains("(INJECTED)") ? 1 : 0;
    }
    return new Run(lines, faults);
  }

  /// Opens the store that a run left and compares it with what the run was told: each acknowledged
  /// operation is there once, at its seq, and nothing is there twice.
  ///
  /// @param acknowledged seqs by operation
  /// @return how many operations are there that were not acknowledged
  static int check(Path directory, Map<Integer, Long> acknowledged, String what) {
    Map<String, Long> stored = stored(directory, what);
    acknowledged.forEach((n, seq) ->
        assertThat(stored.get("operation-" + n)).as("%s: operation %d", what, n).isEqualTo(seq));
    return stored.size() - acknowledged.size();
  }

  /// Seqs by operation id, as a store holds them; it is verified on the way.
  static Map<String, Long> stored(Path directory, String what) {
    var stored = new HashMap<String, Long>();
    try (SqliteStore store = SqliteStore.open(directory)) {
      SessionEngine engine = StoreImage.open(store, new TestEnvironment());
      engine
          .find("fixed")
          .ifPresent(session ->
              engine.journal(
                  session.id(),
                  1,
                  Integer.MAX_VALUE,
                  entry ->
                      assertThat(stored.put(entry.operationId(), entry.seq()))
                          .as("%s: %s is there twice", what, entry.operationId())
                          .isNull()));
      assertThat(engine.verify().findings()).as(what).isEmpty();
      engine.abandon();
    }
    stored.remove("open");
    return stored;
  }

  /// Seqs by operation, from the `ack` lines.
  static Map<Integer, Long> acknowledged(List<String> lines) {
    var acknowledged = new HashMap<Integer, Long>();
    for (String line : lines) {
      if (line.startsWith("ack ")) {
        int space = line.indexOf(' ', 4);
        assertThat(
                acknowledged.put(
                    Integer.parseInt(line.substring(4, space)),
                    Long.parseLong(line.substring(space + 1))))
            .isNull();
      }
    }
    return acknowledged;
  }
}
