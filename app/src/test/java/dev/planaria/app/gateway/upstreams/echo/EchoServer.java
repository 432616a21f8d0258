package dev.planaria.app.gateway.upstreams.echo;

import dev.planaria.app.gateway.upstreams.StdioCommand;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// The server as a program: `--stdio`, or `--http PORT` (which prints `ready PORT`).
///
/// Tools: `echo {text}`, `pid`, `add {n}`, `get`, `asked` (what it is to tell, not listed), `effect
/// {id, delayMs}` (appends "id pid" to the file of `--effects` or `$ECHO_LOG` before it waits),
/// `sleep {ms}`, `ask {method}` (asks the client), `log {...}`, `progress {steps, stepMs}`,
/// `change` (announces another tool list), `huge {bytes}`, `die`.
///
/// Switches: `--era legacy|modern`, `--version TEXT`, `--bad-tool`; misbehaviour: `--noise`,
/// `--idless-error`, `--die-after CALLS`, `--die-mid-line CALLS`, `--ignore-term`, `--ignore-eof`,
/// `--grandchild`, `--flood-errors BYTES`, `--deaf` (reads nothing), `--silent` (answers nothing),
/// `--exit-on-unknown` (ends at a request before `initialize`), `--close-output CALLS`; over HTTP
/// [EchoHttp] names more.
public final class EchoServer {
  private final EchoOptions options;
  private final EchoTools tools;
  private final PrintStream out;
  private final AtomicLong lastQuestion = new AtomicLong();
  private final Map<String, CompletableFuture<JsonObject>> questions = new ConcurrentHashMap<>();
  private final AtomicLong answers = new AtomicLong();
  private volatile boolean initialized;

  private EchoServer(EchoOptions options, PrintStream out) {
    this.options = options;
    this.tools = new EchoTools(options);
    this.out = out;
  }

  /// The command that starts it with these arguments, fast: no second compiler, no parallel
  /// collector.
  public static StdioCommand command(String... arguments) {
    var argv = new ArrayList<String>();
    argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    argv.addAll(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx32m", "-cp"));
    argv.add(System.getProperty("java.class.path"));
    argv.add(EchoServer.class.getName());
    argv.addAll(List.of(arguments));
    return new StdioCommand(argv, Map.of(), null);
  }

  /// See [EchoServer].
  public static void main(String[] arguments) throws IOException {
    var options = EchoOptions.of(arguments);
    if (options.has("--http")) {
      var server = EchoHttp.start(options);
      System.out.println("ready " + server.port());
      return;
    }
    new EchoServer(options, System.out).run();
  }

  private void run() throws IOException {
    misbehaveAtStart();
    if (options.has("--deaf")) {
      EchoTools.pause(Long.MAX_VALUE);
    }
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      read(line);
    }
    if (options.has("--ignore-eof")) {
      EchoTools.pause(Long.MAX_VALUE);
    }
    System.exit(0);
  }

  private void misbehaveAtStart() throws IOException {
    if (options.has("--noise")) {
      write("Welcome to echo!\n\n{\"not\": json\n[]\n{\"jsonrpc\":\"2.0\"}\n");
    }
    if (options.has("--ignore-term")) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> EchoTools.pause(Long.MAX_VALUE)));
    }
    if (options.has("--grandchild")) {
      new ProcessBuilder("sleep", "1000").inheritIO().start();
    }
    for (int left = options.number("--flood-errors"); left > 0; left -= 1_000) {
      System.err.println("e".repeat(999));
    }
  }

  private void read(String line) {
    JsonObject message;
    try {
      message = Json.parseObject(line, JsonLimits.OWN);
    } catch (JsonSyntaxException e) {
      write("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32700,\"message\":\"no JSON\"}}\n");
      return;
    }
    JsonValue id = message.get("id");
    String method = EchoTools.text(message, "method");
    if (method.isEmpty() && id != null) {
      var question = questions.remove(Json.write(id));
      if (question != null) {
        question.complete(message);
      }
    } else if (id != null && !options.has("--silent")) {
      JsonObject params =
          message.get("params") instanceof JsonObject given ? given : JsonObject.EMPTY;
      if (method.equals("initialize")) {
        initialized = true;
      } else if (!initialized && options.has("--exit-on-unknown")) {
        EchoTools.die();
      }
      Thread.ofVirtual().start(() -> answer(id, method, params));
    }
  }

  private void answer(JsonValue id, String method, JsonObject params) {
    JsonObject answer = answered(id, method, params);
    String line = Json.write(answer) + "\n";
    boolean call = method.equals("tools/call");
    long number = call ? answers.incrementAndGet() : 0;
    if (call && options.has("--idless-error")) {
      write("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32603,\"message\":\"whose?\"}}\n");
    }
    if (call && options.number("--die-mid-line") == number) {
      write(line.substring(0, line.length() / 2));
      EchoTools.die();
    }
    if (call && options.number("--close-output") == number) {
      out.close();
      return;
    }
    write(line);
  }

  private JsonObject answered(JsonValue id, String method, JsonObject params) {
    var answer = JsonObject.builder().put("jsonrpc", "2.0").put("id", id);
    boolean modern =
        params.get("_meta") instanceof JsonObject meta
            && meta.has("io.modelcontextprotocol/protocolVersion");
    if (method.equals("subscriptions/listen")) {
      listen(id, params);
    }
    try {
      return answer.put("result", tools.answer(method, params, modern, new Pipe())).build();
    } catch (EchoTools.NoSuchMethod e) {
      return answer
          .put(
              "error",
              JsonObject.builder().put("code", -32601).put("message", "Method not found").build())
          .build();
    }
  }

  /// Stays open for good: its announcements carry its id.
  private void listen(JsonValue id, JsonObject params) {
    var meta =
        JsonObject.builder()
            .put("_meta", JsonObject.builder().put(EchoHttp.SUBSCRIPTION_ID, id).build());
    write(
        EchoHttp.message(
                "notifications/subscriptions/acknowledged",
                meta.put("notifications", params.get("notifications")).build())
            + "\n");
    EchoTools.pause(Long.MAX_VALUE);
  }

  private void write(String text) {
    synchronized (out) {
      out.write(
          text.getBytes(StandardCharsets.UTF_8), 0, text.getBytes(StandardCharsets.UTF_8).length);
      out.flush();
    }
  }

  private final class Pipe implements EchoPeer {
    @Override
    public void tell(String method, JsonObject params) {
      write(EchoHttp.message(method, params) + "\n");
    }

    @Override
    public void announce(String method, JsonObject params) {
      tell(method, params);
    }

    @Override
    public JsonObject ask(String method, JsonObject params) {
      String id = "\"q" + lastQuestion.incrementAndGet() + "\"";
      var answer = new CompletableFuture<JsonObject>();
      questions.put(id, answer);
      write(EchoHttp.question(id, method, params) + "\n");
      return answer.join();
    }
  }
}
