package dev.planaria.app.clients.processes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A process whose lines on standard output are handed to a reader as they come, to the last one,
/// even when the process is killed.
final class Child implements AutoCloseable {

  private final Process process;
  private final CompletableFuture<Void> reading;
  private final Path errors;

  private Child(Process process, CompletableFuture<Void> reading, Path errors) {
    this.process = process;
    this.reading = reading;
    this.errors = errors;
  }

  /// @param errors takes what the process writes to standard error
  /// @param onLine gets each line of its standard output
  /// @param onEnd is told when there are no more, with what the process wrote to standard error
  static Child start(
      List<String> command,
      Map<String, String> environment,
      Path errors,
      Consumer<String> onLine,
      Consumer<String> onEnd)
      throws IOException {
    var builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    Process process = builder.start();
    var reading = new CompletableFuture<Void>();
    Thread.ofVirtual().start(() -> read(process, errors, onLine, onEnd, reading));
    return new Child(process, reading, errors);
  }

  private static void read(
      Process process,
      Path errors,
      Consumer<String> onLine,
      Consumer<String> onEnd,
      CompletableFuture<Void> reading) {
    String trouble = "";
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        onLine.accept(line);
      }
      reading.complete(null);
    } catch (IOException | RuntimeException e) {
      reading.completeExceptionally(e);
      trouble = "\nits output could not be read: " + e;
    } finally {
      onEnd.accept(trouble + told(process.pid(), errors));
    }
  }

  long pid() {
    return process.pid();
  }

  /// Sends a line to its standard input.
  void say(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /// Asks it to end (SIGTERM).
  void terminate() {
    process.destroy();
  }

  /// Ends it at once (SIGKILL). Not by [Process#destroyForcibly], which would close its standard
  /// output on our side and lose the lines that are still in it.
  void kill() {
    process.toHandle().destroyForcibly();
  }

  /// Waits until it has ended and its last line was read.
  ///
  /// @return its exit status
  int await(Duration deadline) throws InterruptedException {
    if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("process " + pid() + " did not end in " + deadline + errors());
    }
    reading.join();
    return process.exitValue();
  }

  /// What it wrote to standard error, for messages.
  String errors() {
    return told(pid(), errors);
  }

  private static String told(long pid, Path errors) {
    try {
      String text = Files.readString(errors);
      return text.isEmpty() ? "" : "\nstandard error of " + pid + ":\n" + text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
    process.onExit().join();
    reading.handle((_, _) -> "read").join();
  }
}
