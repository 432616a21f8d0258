package dev.planaria.app.dashboard;

import dev.planaria.app.gateway.wire.BadRequest;
import dev.planaria.app.gateway.wire.Exchange;
import dev.planaria.app.gateway.wire.Headers;
import dev.planaria.app.gateway.wire.HttpAnswer;
import dev.planaria.app.gateway.wire.RequestHead;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the worker serves for people: the pages, logging in and out, and the live feed.
/// Thread-safe.
public final class Dashboard {
  private static final String PAGE = "/";
  private static final String LOGIN = "/login";
  private static final String FILES = "/ui/";
  private static final int CODE_CHARACTERS = 512;
  private static final int LOGIN_BODY_BYTES = 4 << 10;

  private final Logins logins;
  private final StaticFiles files = new StaticFiles();
  private final LiveFeed feed;
  private final Watch watch;
  private final Samples samples;
  private final DashboardSettings settings;
  private final JsonObject self;

  /// @param feed hears of the engine already
  /// @param sources what is looked at
  /// @param self what the process says of itself: `pid`, `version`, `started_at`
  public Dashboard(
      Logins logins,
      LiveFeed feed,
      Watch.Sources sources,
      DashboardSettings settings,
      JsonObject self) {
    this.logins = logins;
    this.feed = feed;
    this.settings = settings;
    this.samples = new Samples(settings.samples());
    this.watch = new Watch(sources, settings, feed, samples);
    this.self = self;
  }

  /// Who is logged in.
  public Logins logins() {
    return logins;
  }

  /// True for the paths of pages.
  public static boolean isPage(String path) {
    return path.equals(PAGE) || path.equals(LOGIN) || path.startsWith(FILES);
  }

  /// Looks at what has changed; called every second or so.
  public void runOnce() {
    watch.runOnce();
  }

  /// Says on every stream that this process lives. Called every [DashboardSettings#beatMillis] by a
  /// timer that does nothing else: whoever works out KPIs for long keeps nobody from hearing it.
  public void beat() {
    feed.beat();
  }

  /// The process ends: its streams are left to the next one.
  public void endListening() {
    feed.end();
  }

  /// Answers a request for a page, or a login. The caller has checked that it comes from nowhere
  /// else.
  ///
  /// @throws BadRequest when it is none
  public void page(Exchange exchange) throws IOException {
    RequestHead head = exchange.head();
    switch (head.method()) {
      case "GET", "HEAD" -> exchange.send(file(head));
      case "POST" -> {
        if (!head.path().equals(LOGIN)) {
          throw new BadRequest(405, "only GET and HEAD are answered here");
        }
        exchange.send(StaticFiles.guarded(logIn(exchange)));
      }
      default -> throw new BadRequest(405, "only GET, HEAD and POST are answered here");
    }
  }

  private HttpAnswer file(RequestHead head) {
    String path = head.path();
    String name =
        switch (path) {
          case PAGE -> "index.html";
          case LOGIN -> "login.html";
          default -> path.substring(FILES.length());
        };
    if (path.equals(PAGE) && logins.find(head.headers()).isEmpty()) {
      return StaticFiles.guarded(
          new HttpAnswer(303, Map.of("Location", LOGIN, "Cache-Control", "no-store"), new byte[0]));
    }
    return files
        .answer(name, head.headers())
        .orElseGet(
            () -> StaticFiles.guarded(HttpAnswer.error(404, "NOT_FOUND", "there is no such file")));
  }

  private HttpAnswer logIn(Exchange exchange) throws IOException {
    Headers headers = exchange.head().headers();
    Logins.requireOwnPage(headers);
    String type = headers.single("Content-Type");
    if (type == null || !type.startsWith("application/json")) {
      // A form on another site could send anything else without asking.
      throw new BadRequest(415, "Content-Type must be application/json");
    }
    String code;
    try {
      Fields body =
          Fields.of(Json.parseObject(exchange.readBody(LOGIN_BODY_BYTES), JsonLimits.DEFAULT));
      code = body.requiredText("code", CODE_CHARACTERS);
      body.refuseUnknown();
    } catch (FieldException | JsonSyntaxException e) {
      return HttpAnswer.error(400, "INVALID_ARGUMENT", String.valueOf(e.getMessage()));
    }
    return logins
        .redeem(code, headers.single("Planaria-Stamp"))
        .map(granted ->
            HttpAnswer.json(
                    200, JsonObject.builder().put("expires_at", granted.expiresAtMillis()).build())
                .with("Set-Cookie", granted.setCookie())
                .with("Cache-Control", "no-store"))
        .orElseGet(() ->
            HttpAnswer.error(
                403,
                "LOGIN_REFUSED",
                "this link was used already, or is older than "
                    + settings.codeMillis() / 60_000
                    + " minutes; planaria dashboard prints another"));
  }

  /// Answers what below `/api/v1/` is about the dashboard itself: `events`, `history`,
  /// `dashboard/code`, `dashboard/session`, `dashboard/logout`.
  ///
  /// @param login by which the request came in; null when it was by the operator's token
  /// @return false when the path is somebody else's; then nothing was answered
  public boolean api(Exchange exchange, String path, @Nullable Login login) throws IOException {
    switch (path) {
      case "events" -> {
        require(exchange, "GET");
        new FeedStream(feed, settings, self)
            .run(exchange, () -> login == null || logins.isValid(login));
      }
      case "history" -> {
        require(exchange, "GET");
        exchange.send(HttpAnswer.json(200, samples.toJson()));
      }
      case "dashboard/session" -> {
        require(exchange, "GET");
        exchange.send(session(login).with("Cache-Control", "no-store"));
      }
      case "dashboard/code" -> {
        require(exchange, "POST");
        exchange.send(code(login).with("Cache-Control", "no-store"));
      }
      case "dashboard/logout" -> {
        require(exchange, "POST");
        exchange.send(logOut(login).with("Cache-Control", "no-store"));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static void require(Exchange exchange, String method) {
    if (!exchange.head().method().equals(method)) {
      throw new BadRequest(405, "only " + method + " is answered here");
    }
  }

  private HttpAnswer session(@Nullable Login login) {
    JsonObject.Builder json = JsonObject.builder();
    self.members().forEach(json::put);
    Optional<Login> shown = Optional.ofNullable(login);
    return HttpAnswer.json(
        200,
        json.put("csrf", shown.map(Login::csrf).orElse(null))
            .put("expires_at", shown.map(Login::expiresAtMillis).orElse(0L))
            .build());
  }

  /// A browser that is logged in cannot hand its login on.
  private HttpAnswer code(@Nullable Login login) {
    if (login != null) {
      throw new BadRequest(403, "only the operator's token makes a login link");
    }
    Logins.Code code = logins.newCode();
    return HttpAnswer.json(
        200,
        JsonObject.builder()
            .put("path", LOGIN + "#" + code.text())
            .put("expires_at", code.expiresAtMillis())
            .build());
  }

  private HttpAnswer logOut(@Nullable Login login) {
    if (login == null) {
      throw new BadRequest(400, "no browser is logged in by this request");
    }
    return HttpAnswer.json(200, JsonObject.builder().put("logged_out", true).build())
        .with("Set-Cookie", logins.end(login));
  }
}
