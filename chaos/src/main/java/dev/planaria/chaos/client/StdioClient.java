package dev.planaria.chaos.client;

import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// An MCP client of revision 2025-11-25 over stdio, as the programs of our users are: it launches
/// the process that it talks to, and launches it again when it has ended and something is to be
/// said. What had no answer then has none. Thread-safe.
public final class StdioClient implements ToolClient, AutoCloseable {

  private final Command command;
  private final long patienceMillis;
  private final AtomicLong ids = new AtomicLong();
  private final AtomicLong launches = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by lock.
  private @Nullable Conversation conversation;
  private boolean closed;

  /// What is launched.
  ///
  /// @param words program and arguments, handed to no shell
  /// @param environment what is added to our own
  /// @param errors where its standard error goes
  public record Command(List<String> words, Map<String, String> environment, Path errors) {
    /// Copies what it is given.
    public Command {
      words = List.copyOf(words);
      environment = Map.copyOf(environment);
    }
  }

  /// One that has launched nothing yet.
  ///
  /// @param patienceMillis how long one answer may take
  public StdioClient(Command command, long patienceMillis) {
    this.command = command;
    this.patienceMillis = patienceMillis;
  }

  /// The process that it talks to, if there is one now.
  public Optional<ProcessHandle> process() {
    lock.lock();
    try {
      return Optional.ofNullable(conversation).map(present -> present.process.toHandle());
    } finally {
      lock.unlock();
    }
  }

  /// How often it has launched a process.
  public long launches() {
    return launches.get();
  }

  @Override
  public JsonObject call(String tool, JsonObject arguments)
      throws IOException, InterruptedException {
    JsonObject params = JsonObject.builder().put("name", tool).put("arguments", arguments).build();
    return McpClient.content(tool, talking().ask("tools/call", params));
  }

  /// The present conversation, or the next one, with the handshake behind it.
  private Conversation talking() throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      if (closed) {
        throw new IOException("this client is closed");
      }
      Conversation present = conversation;
      if (present != null && present.process.isAlive()) {
        return present;
      }
      var next = new Conversation(launch());
      conversation = next;
      next.shakeHands();
      return next;
    } finally {
      lock.unlock();
    }
  }

  private Process launch() throws IOException {
    launches.incrementAndGet();
    var builder = new ProcessBuilder(command.words());
    builder.environment().putAll(command.environment());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(command.errors().toFile()));
    return builder.start();
  }

  @Override
  public void close() {
    hangUp();
  }

  /// Ends the process, and launches no other.
  public void hangUp() {
    lock.lock();
    try {
      closed = true;
      Conversation present = conversation;
      if (present != null) {
        present.process.destroyForcibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /// What is said to one process, and what it says.
  private final class Conversation {
    private final Process process;
    private final OutputStream in;
    private final Map<Long, CompletableFuture<JsonObject>> waiting = new ConcurrentHashMap<>();

    Conversation(Process process) {
      this.process = process;
      this.in = process.getOutputStream();
      Thread.ofVirtual().start(this::read);
    }

    void shakeHands() throws IOException, InterruptedException {
      try {
        JsonObject answer = ask("initialize", McpClient.HELLO);
        if (!(answer.get("result") instanceof JsonObject)) {
          throw new IOException("the handshake was answered with " + Json.write(answer));
        }
        say(McpClient.message("notifications/initialized", JsonObject.EMPTY, null));
      } catch (IOException | InterruptedException failure) {
        process.destroyForcibly();
        throw failure;
      }
    }

    JsonObject ask(String method, JsonObject params) throws IOException, InterruptedException {
      long id = ids.incrementAndGet();
      var answer = new CompletableFuture<JsonObject>();
      waiting.put(id, answer);
      try {
        say(McpClient.message(method, params, id));
        if (!process.isAlive()) {
          // Whoever reads may have been through before we waited.
          answer.completeExceptionally(new IOException("the process has ended"));
        }
        return answer.get(patienceMillis, TimeUnit.MILLISECONDS);
      } catch (TimeoutException late) {
        throw new IOException("no answer within " + patienceMillis + " ms", late);
      } catch (ExecutionException broken) {
        throw new IOException(String.valueOf(broken.getCause()), broken);
      } finally {
        waiting.remove(id);
      }
    }

    private synchronized void say(JsonObject message) throws IOException {
      in.write((Json.write(message) + "\n").getBytes(StandardCharsets.UTF_8));
      in.flush();
    }

    private void read() {
      String reason = "the process has ended";
      try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          take(Json.parseObject(line, JsonLimits.DEFAULT));
        }
      } catch (IOException | RuntimeException failure) {
        // What cannot be understood is no answer: nothing that follows can be relied on.
        reason = "what the process says cannot be read: " + failure;
        process.destroyForcibly();
      }
      var ended = new IOException(reason);
      waiting.values().forEach(answer -> answer.completeExceptionally(ended));
    }

    /// Requests and notifications of the process are nothing to us.
    private void take(JsonObject message) {
      if (message.get("id") instanceof JsonNumber && message.get("method") == null) {
        var answer = waiting.get(Fields.of(message).requiredLong("id", 0, Long.MAX_VALUE));
        if (answer != null) {
          answer.complete(message);
        }
      }
    }
  }
}
