package dev.planaria.chaos.system;

import dev.planaria.chaos.fault.NotPossibleHere;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// `strace` (strace(1)), attached to running processes and all their threads until this is closed;
/// they go on as they were then. Used by one thread.
public final class Strace implements AutoCloseable {

  /// A process that is stopped at every system call is met, and let go, within that time on any
  /// machine.
  private static final long PATIENCE_SECONDS = 30;

  private static final String ATTACHED = " attached";

  private final Process strace;
  private final Path lines;
  private boolean attached;

  private Strace(Process strace, Path lines) {
    this.strace = strace;
    this.lines = lines;
  }

  /// Attaches to processes. Everything that they and those whom they start begin after this has
  /// returned is traced, unless one of them has ended.
  ///
  /// @param options what is traced, and what is done to it
  /// @param lines where the trace goes; what was there before is gone
  /// @throws NotPossibleHere when there is no `strace`, or it may not attach
  public static Strace attach(List<ProcessHandle> processes, List<String> options, Path lines)
      throws IOException, InterruptedException {
    Program.STRACE.require();
    var command = new ArrayList<>(List.of("strace", "-f", "-o", lines.toString()));
    command.addAll(options);
    processes.forEach(one -> command.addAll(List.of("-p", Long.toString(one.pid()))));
    Files.deleteIfExists(lines);
    Process started =
        new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    var strace = new Strace(started, lines);
    var said = new CompletableFuture<String>();
    Thread.ofVirtual().start(() -> listen(started, processes.size(), said));
    try {
      String answer = said.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      requireAllowed(answer);
      strace.attached = answer.contains(ATTACHED);
      return strace;
    } catch (ExecutionException | TimeoutException silent) {
      strace.close();
      throw new IOException("strace did not say whether it is attached: " + silent, silent);
    } catch (NotPossibleHere refused) {
      strace.close();
      throw refused;
    }
  }

  private static void requireAllowed(String said) throws NotPossibleHere {
    if (said.contains("Operation not permitted")) {
      throw new NotPossibleHere(
          "this system does not let strace attach to a process of our own ("
              + said
              + "); run as root, or set kernel.yama.ptrace_scope to 0 (in a container it takes the"
              + " capability SYS_PTRACE)");
    }
  }

  /// Reads to the end, so that strace never waits for a reader.
  ///
  /// @param processes a line for each comes before anything else
  /// @param said the last of these lines, or the first that is another one
  private static void listen(Process strace, int processes, CompletableFuture<String> said) {
    try (BufferedReader all = strace.errorReader(StandardCharsets.ISO_8859_1)) {
      int attached = 0;
      for (String line = all.readLine(); line != null; line = all.readLine()) {
        attached += line.contains(ATTACHED) ? 1 : 0;
        if (attached == processes || !line.contains(ATTACHED)) {
          said.complete(line);
        }
      }
      said.complete("nothing more");
    } catch (IOException failure) {
      said.completeExceptionally(failure);
    }
  }

  /// False when one of the processes had ended before.
  public boolean isAttached() {
    return attached;
  }

  /// Waits for a while.
  ///
  /// @return true when all that was to be traced has ended meanwhile
  public boolean hasEndedAfter(long millis) throws InterruptedException {
    return strace.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /// How many system calls were traced so far that hold this text.
  public long count(String text) throws IOException {
    if (!Files.exists(lines)) {
      return 0;
    }
    // What programs write may be in the trace, and is in no charset that anybody promised.
    try (var all = Files.lines(lines, StandardCharsets.ISO_8859_1)) {
      return all.filter(line -> line.contains(text)).count();
    }
  }

  /// Lets the processes go; everything that was traced can be read then.
  public void letGo() throws IOException, InterruptedException {
    strace.destroy();
    if (!strace.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IOException("strace did not let go within " + PATIENCE_SECONDS + " s");
    }
  }

  /// Lets the processes go by force, if they have not been let go: the kernel does so when their
  /// tracer ends.
  @Override
  public void close() {
    strace.destroyForcibly();
  }
}
