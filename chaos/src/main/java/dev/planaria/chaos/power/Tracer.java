package dev.planaria.chaos.power;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/// Traces what a running process does with files, with `strace` (strace(1)), until it is closed.
/// Used by one thread.
public final class Tracer implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 30;

  /// What is told of a file; a call that is missing here would be one that nobody replays.
  private static final String CALLS =
      "trace=openat,pwrite64,pwritev,write,writev,fsync,fdatasync,ftruncate,fallocate,unlink,"
          + "unlinkat,rename,renameat,renameat2";

  /// Longer than anything that is written at once: a segment of the archive has 4 MiB.
  private static final int LONGEST_WRITE = 8 << 20;

  private static final String ATTACHED = " attached";

  private final Process strace;
  private final Path trace;

  private Tracer(Process strace, Path trace) {
    this.strace = strace;
    this.trace = trace;
  }

  /// The words that trace something; `-p` and a process, or a command, come behind them.
  ///
  /// @param trace where the system calls are written to
  public static List<String> words(Path trace) {
    return List.of(
        "strace",
        "-f",
        "-ttt",
        "-xx",
        "-y",
        "-s",
        Integer.toString(LONGEST_WRITE),
        "-o",
        trace.toString(),
        "-e",
        CALLS);
  }

  /// Attaches to processes. Everything that they and those whom they start begin after this has
  /// returned is traced.
  ///
  /// @param trace where the system calls are written to
  /// @throws IOException when that is not possible here; the message says what to do about it
  public static Tracer attach(List<ProcessHandle> processes, Path trace)
      throws IOException, InterruptedException {
    var words = new ArrayList<>(words(trace));
    processes.forEach(one -> words.addAll(List.of("-p", Long.toString(one.pid()))));
    Process strace;
    try {
      strace = new ProcessBuilder(words).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    } catch (IOException missing) {
      throw new IOException(
          "power-loss needs strace, and there is none on the PATH: install it (apt-get install"
              + " strace); the experiment simulation tries loss of power without it",
          missing);
    }
    var tracer = new Tracer(strace, trace);
    var said = new CompletableFuture<String>();
    Thread.ofVirtual().start(() -> listen(strace, processes.size(), said));
    String line = "nothing within " + PATIENCE_SECONDS + " s";
    try {
      line = said.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException silent) {
      line = String.valueOf(silent.getMessage());
    }
    if (!line.contains(ATTACHED)) {
      tracer.close();
      throw new IOException(
          "power-loss needs strace, which may not attach to a running process here: allow it"
              + " (sysctl kernel.yama.ptrace_scope=0 as root; in a container the capability"
              + " SYS_PTRACE); the experiment simulation tries loss of power without it. strace"
              + " said: "
              + line);
    }
    return tracer;
  }

  /// Reads to the end, so that strace never waits for a reader.
  ///
  /// @param processes a line for each comes before anything else
  /// @param said the last of these lines, or the first that is another one
  private static void listen(Process strace, int processes, CompletableFuture<String> said) {
    try (BufferedReader lines = strace.errorReader(StandardCharsets.UTF_8)) {
      String line = lines.readLine();
      int attached = 0;
      while (line != null) {
        attached += line.contains(ATTACHED) ? 1 : 0;
        if (attached == processes || !line.contains(ATTACHED)) {
          said.complete(line);
        }
        line = lines.readLine();
      }
      said.complete("nothing more");
    } catch (IOException failure) {
      said.completeExceptionally(failure);
    }
  }

  /// Lets go of the process, which runs on, and reads what was traced.
  ///
  /// @param directory whose files count, as the traced process names it
  /// @param wanted which of them, by their paths below it
  /// @param before what they held when the trace began, or at any moment of it
  /// @throws IOException when the trace cannot be read
  public Trace end(Path directory, Predicate<String> wanted, Map<String, byte[]> before)
      throws IOException, InterruptedException {
    strace.destroy();
    if (!strace.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("strace did not end within " + PATIENCE_SECONDS + " s");
    }
    return read(trace, directory, wanted, before);
  }

  /// Reads what strace has written, with the options of [#words].
  ///
  /// @param directory whose files count, as the traced process names it
  /// @param wanted which of them, by their paths below it
  /// @param before what they held when the trace began, or at any moment of it
  /// @throws IOException when it cannot be read, or holds what is not understood
  public static Trace read(
      Path trace, Path directory, Predicate<String> wanted, Map<String, byte[]> before)
      throws IOException {
    return TraceReader.read(trace, directory, wanted, before);
  }

  /// Lets go of the process if that has not been done: a tracer that is ended lets it run on.
  @Override
  public void close() {
    strace.destroy();
  }
}
