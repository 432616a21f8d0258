package dev.planaria.chaos.process;

import dev.planaria.chaos.fault.NotPossibleHere;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `strace`, attached to a running process and all its threads until this is closed; the process
/// goes on as it was then. Used by one thread.
final class Trace implements AutoCloseable {

  /// A process that is stopped at every system call is let go within that time, on any machine.
  private static final long END_SECONDS = 30;

  private final Process strace;
  private final Path lines;
  private final Path complaints;

  private Trace(Process strace, Path lines, Path complaints) {
    this.strace = strace;
    this.lines = lines;
    this.complaints = complaints;
  }

  /// Attaches to a process; the system calls of the first moments may still go by unseen.
  ///
  /// @param options what is traced, and what is done to it
  /// @param lines where the trace goes; what was there before is gone
  static Trace attach(ProcessHandle process, List<String> options, Path lines) throws IOException {
    Program.STRACE.require();
    Path complaints = lines.resolveSibling(lines.getFileName() + ".stderr");
    var command = new ArrayList<>(List.of("strace", "-f", "-q", "-o", lines.toString()));
    command.addAll(options);
    command.addAll(List.of("-p", Long.toString(process.pid())));
    Files.deleteIfExists(lines);
    Process strace =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(complaints.toFile())
            .start();
    return new Trace(strace, lines, complaints);
  }

  /// Waits for a while.
  ///
  /// @return true when the process has ended meanwhile, or could not be attached to
  boolean hasEndedAfter(long millis) throws InterruptedException {
    return strace.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /// How many system calls were traced so far that hold this text.
  long count(String text) throws IOException {
    if (!Files.exists(lines)) {
      return 0;
    }
    // What programs write may be in the trace, and is in no charset that anybody promised.
    try (var all = Files.lines(lines, StandardCharsets.ISO_8859_1)) {
      return all.filter(line -> line.contains(text)).count();
    }
  }

  /// Lets the process go; everything that was traced can be counted then.
  ///
  /// @throws NotPossibleHere when the system did not let us attach, in the words of `strace`
  void letGo() throws IOException, InterruptedException {
    strace.destroy();
    if (!strace.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("strace did not let go within " + END_SECONDS + " s");
    }
    String said = Files.readString(complaints, StandardCharsets.ISO_8859_1).strip();
    if (said.contains("Operation not permitted")) {
      throw new NotPossibleHere(
          "this system does not let strace attach to a process of our own ("
              + said.lines().findFirst().orElse("")
              + "); run as root, or set kernel.yama.ptrace_scope to 0");
    }
  }

  /// Lets the process go by force, if it has not been let go: the kernel does so when its tracer
  /// ends.
  @Override
  public void close() {
    strace.destroyForcibly();
  }
}
