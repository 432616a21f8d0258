package dev.planaria.app.cli;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// A real `planaria wrap` as a client launches it: lines in, lines out.
final class WrapProcess implements AutoCloseable {

  /// Machines that build much at once are slow; nothing here takes a tenth of it when idle.
  static final long PATIENCE_MILLIS = 60_000;

  private final Process process;
  private final OutputStream in;
  private final Path errors;
  private final Thread reading;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<JsonObject> lines = new ArrayList<>();
  private final List<String> noMessages = new ArrayList<>();
  private boolean ended;

  private WrapProcess(Process process, Path errors) {
    this.process = process;
    this.in = process.getOutputStream();
    this.errors = errors;
    this.reading = Thread.ofVirtual().start(this::read);
  }

  /// Starts one with the flags that the launcher gives.
  ///
  /// @param main the class that is started
  /// @param directory where it runs
  /// @param words what stands behind `wrap`
  static WrapProcess start(String main, Path directory, List<String> words) throws IOException {
    return start(main, directory, words, Map.of());
  }

  /// As [#start(String, Path, List)], with more variables.
  static WrapProcess start(
      String main, Path directory, List<String> words, Map<String, String> variables)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms4m", "-Xmx96m", "-Xmn2m", "-Xss512k", "-XX:+UseSerialGC"));
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    command.addAll(Installation.quietLogging());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(words);
    Path errors = Files.createTempFile(directory, "wrap", ".err");
    var builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().putAll(variables);
    builder.redirectError(errors.toFile());
    return new WrapProcess(builder.start(), errors);
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        take(line);
      }
    } catch (IOException e) {
      take("the output could not be read: " + e);
    } finally {
      end();
    }
  }

  private void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void take(String line) {
    lock.lock();
    try {
      lines.add(Json.parseObject(line, JsonLimits.OWN));
    } catch (RuntimeException e) {
      noMessages.add(line);
    } finally {
      changed.signalAll();
      lock.unlock();
    }
  }

  /// Says a line.
  synchronized void say(String line) throws IOException {
    in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  /// Says something that is no whole line.
  synchronized void sayRaw(byte[] bytes) throws IOException {
    in.write(bytes);
    in.flush();
  }

  /// Says what a legacy client says first, and waits for the answer.
  JsonObject initialize(String id) throws IOException, InterruptedException {
    say(
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id
            + ",\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
            + "\"capabilities\":{},\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}}");
    JsonObject answer = answer(id);
    say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    return answer;
  }

  /// Waits for the answer to that request.
  ///
  /// @param id as JSON
  JsonObject answer(String id) throws InterruptedException {
    return await("the answer to " + id, line -> isAnswer(line, id));
  }

  private static boolean isAnswer(JsonObject line, String id) {
    JsonValue found = line.get("id");
    return found != null
        && Json.write(found).equals(id)
        && (line.has("result") || line.has("error"));
  }

  /// Waits for a line.
  JsonObject await(String what, Predicate<JsonObject> wanted) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
      while (true) {
        for (JsonObject line : lines) {
          if (wanted.test(line)) {
            return line;
          }
        }
        if (left <= 0 || ended) {
          throw new AssertionError("no sign of " + what + "; " + errors());
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until so many answers have come, errors included.
  void awaitAnswers(int count) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
      while (answers() < count) {
        if (left <= 0 || ended) {
          throw new AssertionError(answers() + " answers, not " + count + "; " + errors());
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /// How many answers have come, errors included.
  int answers() {
    lock.lock();
    try {
      return (int) lines.stream().filter(line -> line.has("result") || line.has("error")).count();
    } finally {
      lock.unlock();
    }
  }

  /// All that came.
  List<JsonObject> lines() {
    lock.lock();
    try {
      return List.copyOf(lines);
    } finally {
      lock.unlock();
    }
  }

  /// What came and was no JSON object; must stay empty.
  List<String> noMessages() {
    lock.lock();
    try {
      return List.copyOf(noMessages);
    } finally {
      lock.unlock();
    }
  }

  /// What it wrote to standard error.
  String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      return "its standard error cannot be read: " + e;
    }
  }

  /// Closes its input, and waits for its end.
  ///
  /// @return its exit status
  int finish() throws IOException, InterruptedException {
    in.close();
    return awaitEnd();
  }

  /// Waits for its end.
  int awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
      throw new AssertionError("it did not end; " + errors());
    }
    reading.join();
    return process.exitValue();
  }

  /// SIGTERM.
  void terminate() {
    process.toHandle().destroy();
  }

  /// Closes the end that a client reads, as one that is gone does.
  void stopReading() throws IOException {
    process.getInputStream().close();
  }

  /// Resident memory in KiB, and the most it ever was; empty where there is no `/proc`.
  String memory() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    if (!Files.exists(status)) {
      return "";
    }
    return String.join(
        ", ",
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
            .map(line -> line.replaceAll("\\s+", " "))
            .toList());
  }

  @Override
  public void close() {
    process.toHandle().destroyForcibly();
    process.onExit().join();
  }
}
