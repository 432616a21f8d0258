package dev.planaria.chaos.power;

import dev.planaria.chaos.system.Strace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Traces what running processes do with files until it is closed. Used by one thread.
public final class Tracer implements AutoCloseable {

  /// What is told of a file; a call that is missing here would be one that nobody replays.
  private static final String CALLS =
      "trace=openat,pwrite64,pwritev,write,writev,fsync,fdatasync,ftruncate,fallocate,unlink,"
          + "unlinkat,rename,renameat,renameat2";

  /// Longer than anything that is written at once: a segment of the archive has 4 MiB.
  private static final int LONGEST_WRITE = 8 << 20;

  private final Strace strace;
  private final Path trace;

  private Tracer(Strace strace, Path trace) {
    this.strace = strace;
    this.trace = trace;
  }

  private static List<String> options() {
    return List.of("-ttt", "-xx", "-y", "-s", Integer.toString(LONGEST_WRITE), "-e", CALLS);
  }

  /// The words that trace a command, which comes behind them.
  ///
  /// @param trace where the system calls are written to
  public static List<String> words(Path trace) {
    var words = new ArrayList<>(List.of("strace", "-f", "-o", trace.toString()));
    words.addAll(options());
    return List.copyOf(words);
  }

  /// Attaches to processes. Everything that they and those whom they start begin after this has
  /// returned is traced.
  ///
  /// @param trace where the system calls are written to
  /// @throws dev.planaria.chaos.fault.NotPossibleHere when there is no strace here, or it may not
  ///   attach; the message says what to do about it
  /// @throws IOException when one of them has ended
  public static Tracer attach(List<ProcessHandle> processes, Path trace)
      throws IOException, InterruptedException {
    Strace strace = Strace.attach(processes, options(), trace);
    if (!strace.isAttached()) {
      strace.close();
      throw new IOException("there is nothing to trace: one of the processes has ended");
    }
    return new Tracer(strace, trace);
  }

  /// Lets go of the process, which runs on, and reads what was traced.
  ///
  /// @param directory whose files count, as the traced process names it
  /// @param wanted which of them, by their paths below it
  /// @param before what they held when the trace began, or at any moment of it
  /// @throws IOException when the trace cannot be read
  public Trace end(Path directory, Predicate<String> wanted, Map<String, byte[]> before)
      throws IOException, InterruptedException {
    strace.letGo();
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
    strace.close();
  }
}
