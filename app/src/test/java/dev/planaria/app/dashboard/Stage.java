package dev.planaria.app.dashboard;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import dev.planaria.app.clients.processes.Chromium;
import dev.planaria.app.clients.processes.DaemonProcess;
import dev.planaria.app.clients.processes.DaemonSetup;
import dev.planaria.app.gateway.Reply;
import dev.planaria.app.gateway.upstreams.StdioCommand;
import dev.planaria.app.gateway.upstreams.echo.EchoServer;
import dev.planaria.chaos.fault.Target;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A real daemon, a real browser, and somebody who works in sessions meanwhile. Used by one thread.
final class Stage implements AutoCloseable {
  /// Generous: two cores may be shared by four builds.
  private static final double PATIENCE_MILLIS = 60_000;

  private final DaemonProcess daemon;
  private final Playwright playwright;
  private final Browser browser;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<BrowserContext> contexts = new ArrayList<>();
  private final List<String> errors = new ArrayList<>();

  private Stage(DaemonProcess daemon, Playwright playwright, Browser browser) {
    this.daemon = daemon;
    this.playwright = playwright;
    this.browser = browser;
  }

  /// Starts all of it; the test is skipped where there is no browser.
  static Stage open(Path scratch) throws IOException, InterruptedException {
    Path chromium = Chromium.ready(scratch);
    DaemonProcess daemon = DaemonProcess.start(DaemonSetup.whole(scratch));
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions()
                .setEnv(
                    Map.of(
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1",
                        "PLAYWRIGHT_SKIP_VALIDATE_HOST_REQUIREMENTS",
                        "1")));
    Browser browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium)
                    .setArgs(List.of("--no-sandbox", "--disable-gpu")));
    return new Stage(daemon, playwright, browser);
  }

  DaemonProcess daemon() {
    return daemon;
  }

  /// A new browser window, not logged in yet.
  BrowserContext context(Browser.NewContextOptions options) {
    BrowserContext context = browser.newContext(options);
    contexts.add(context);
    context.setDefaultTimeout(PATIENCE_MILLIS);
    context.onConsoleMessage(message -> {
      if (message.type().equals("error") && !message.text().contains("Failed to load resource")) {
        errors.add(message.text());
      }
    });
    context.onWebError(error -> errors.add(error.error()));
    return context;
  }

  /// What went wrong in any page, but for what the network did.
  List<String> errors() {
    return List.copyOf(errors);
  }

  /// Closes every window; what went wrong in them is the business of the test that opened them.
  void closeWindows() {
    contexts.forEach(BrowserContext::close);
    contexts.clear();
    errors.clear();
  }

  /// A page of a new window that has logged in by a link, at the overview.
  Page logIn(Browser.NewContextOptions options) throws IOException, InterruptedException {
    Page page = context(options).newPage();
    page.navigate(link());
    page.waitForURL(daemon.url() + "/");
    page.locator("h1").waitFor();
    return page;
  }

  /// As the other, in a window as a desk has it.
  Page logIn() throws IOException, InterruptedException {
    return logIn(new Browser.NewContextOptions().setViewportSize(1_360, 900));
  }

  /// What `planaria dashboard` would print.
  String link() throws IOException, InterruptedException {
    return daemon.url() + Reply.at(post("/api/v1/dashboard/code", "{}"), "path");
  }

  /// Goes to a page of the dashboard.
  void visit(Page page, String route) {
    page.navigate(daemon.url() + "/#" + route);
    page.locator("main[data-drawn='#" + route + "'] h1").waitFor();
  }

  JsonValue get(String path) throws IOException, InterruptedException {
    return ask(request(path).GET().build());
  }

  JsonValue post(String path, String json) throws IOException, InterruptedException {
    return ask(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build());
  }

  /// Calls one of the session tools in that session, as the operator; its structured result.
  JsonObject tool(String session, String name, JsonObject arguments)
      throws IOException, InterruptedException {
    JsonValue answer = call(session, null, name, arguments);
    if (answer instanceof JsonObject message
        && message.get("result") instanceof JsonObject result
        && result.get("structuredContent") instanceof JsonObject content) {
      return content;
    }
    throw new AssertionError(name + ": " + Json.write(answer));
  }

  /// Calls a tool of that session's server, or one of the session tools.
  JsonValue call(String session, @Nullable String server, String name, JsonObject arguments)
      throws IOException, InterruptedException {
    JsonObject message =
        JsonObject.builder()
            .put("jsonrpc", "2.0")
            .put("id", 1)
            .put("method", "tools/call")
            .put(
                "params",
                JsonObject.builder()
                    .put(
                        "_meta",
                        JsonObject.builder()
                            .put("io.modelcontextprotocol/protocolVersion", "2026-07-28")
                            .put("io.modelcontextprotocol/clientCapabilities", JsonObject.EMPTY)
                            .build())
                    .put("name", name)
                    .put("arguments", arguments)
                    .build())
            .build();
    String path =
        "/s/" + encoded(session) + (server == null ? "" : "/u/" + encoded(server)) + "/mcp";
    return ask(
        request(path)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2026-07-28")
            .header("Mcp-Method", "tools/call")
            .header("Mcp-Name", name)
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.writeBytes(message)))
            .build());
  }

  static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder request(String path) throws IOException {
    return HttpRequest.newBuilder(URI.create(daemon.url() + path))
        .timeout(Duration.ofMillis((long) PATIENCE_MILLIS))
        .header("Authorization", "Bearer " + daemon.token());
  }

  private JsonValue ask(HttpRequest request) throws IOException, InterruptedException {
    String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    String json = body;
    for (String line : body.split("\n", -1)) {
      if (line.startsWith("data: ") && line.length() > 6) {
        json = line.substring(6); // of a stream, the last message
      }
    }
    return Json.parse(json, JsonLimits.OWN);
  }

  /// Brings the echo server to a session, under that name, and connects it.
  void bringEcho(String session, String name) throws IOException, InterruptedException {
    StdioCommand command = EchoServer.command("--stdio", "--era", "legacy");
    bring(session, name, command.argv());
    call(session, name, "add", JsonObject.builder().put("n", 3).build());
  }

  /// Brings a server to a session.
  void bring(String session, String name, List<String> argv)
      throws IOException, InterruptedException {
    JsonObject body =
        JsonObject.builder()
            .put("command", argv.getFirst())
            .put("args", JsonArray.ofStrings(argv.subList(1, argv.size())))
            .build();
    post("/api/v1/upstreams/" + encoded(session) + "/" + encoded(name), Json.write(body));
  }

  /// Kills the worker with signal 9, and waits for the next one.
  void killWorker() throws IOException, InterruptedException {
    long before = daemon.workerPid();
    daemon.aim(Target.WORKER).kill();
    daemon.awaitWorkerAfter(before);
  }

  /// A swarm at work: agents, tasks that wait for others, things remembered, a checkpoint.
  void populate(String session) throws IOException, InterruptedException {
    String[] types = {"coordinator", "researcher", "coder", "coder", "tester", "reviewer"};
    String[] names = {"Ada", "Boris", "Chen", "Dara", "Emil", "Fay"};
    var agents = new ArrayList<String>();
    for (int i = 0; i < types.length; i++) {
      agents.add(
          Reply.at(
              tool(
                  session,
                  "agent_spawn",
                  JsonObject.builder().put("type", types[i]).put("name", names[i]).build()),
              "agent/agent_id"));
    }
    String read = task(session, "Read the schema of the old store", List.of());
    String list = task(session, "List every caller of the old store", List.of());
    String plan = task(session, "Plan the migration", List.of(read, list));
    String write = task(session, "Write the new tables", List.of(plan));
    String copy = task(session, "Copy the rows, in batches", List.of(write));
    String dual = task(session, "Write to both stores", List.of(plan));
    String check = task(session, "Compare both stores", List.of(copy, dual));
    task(session, "Switch the readers over", List.of(check));
    task(session, "Tell the other teams", List.of(plan));
    complete(session, agents.get(1), read);
    complete(session, agents.get(0), list);
    tool(
        session,
        "session_checkpoint",
        JsonObject.builder().put("label", "before the plan").build());
    complete(session, agents.get(0), plan);
    complete(session, agents.get(2), write);
    claim(session, agents.get(2), copy, 60);
    claim(session, agents.get(3), dual, 25);
    remember(session, "decision/batch-size", new JsonString("5,000 rows, measured on a copy"));
    remember(session, "owner", new JsonString("Ada"));
    remember(
        session,
        "schema/orders",
        Json.parse(
            "{\"table\":\"orders\",\"rows\":1843021,\"keys\":[\"id\",\"customer\"]}",
            JsonLimits.DEFAULT));
  }

  void remember(String session, String key, JsonValue value)
      throws IOException, InterruptedException {
    tool(session, "memory_store", JsonObject.builder().put("key", key).put("value", value).build());
  }

  String task(String session, String description, List<String> after)
      throws IOException, InterruptedException {
    return Reply.at(
        tool(
            session,
            "task_create",
            JsonObject.builder()
                .put("description", description)
                .put("depends_on", JsonArray.ofStrings(after))
                .build()),
        "task/task_id");
  }

  private String claim(String session, String agent, String task, int progress)
      throws IOException, InterruptedException {
    String token =
        Reply.at(
            tool(
                session,
                "task_claim",
                JsonObject.builder().put("agent_id", agent).put("task_id", task).build()),
            "lease_token");
    tool(
        session,
        "task_update",
        JsonObject.builder()
            .put("task_id", task)
            .put("lease_token", token)
            .put("progress", progress)
            .build());
    return token;
  }

  private void complete(String session, String agent, String task)
      throws IOException, InterruptedException {
    tool(
        session,
        "task_complete",
        JsonObject.builder()
            .put("task_id", task)
            .put("lease_token", claim(session, agent, task, 50))
            .put("result", new JsonString("done"))
            .build());
  }

  @Override
  public void close() throws IOException {
    browser.close();
    playwright.close();
    daemon.close();
  }
}
