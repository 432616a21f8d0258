package dev.planaria.app.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.Ask;
import dev.planaria.app.gateway.Reply;
import dev.planaria.engine.journal.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who sees the dashboard: links, cookies, and what a browser must show to change anything.
class LoginTest extends OnWorker {
  @Test
  void a_link_logs_a_browser_in_once() {
    String code = code();
    assertThat(worker.send(logIn(code)).status()).isEqualTo(200);
    Reply again = worker.send(logIn(code));
    assertThat(again.status()).isEqualTo(403);
    assertThat(again.body()).contains("LOGIN_REFUSED", "used already", "planaria dashboard");
    assertThat(again.headers()).doesNotContainKey("Set-Cookie");
  }

  @Test
  void a_link_is_too_old_after_five_minutes() {
    String code = code();
    worker.pass(299_000);
    String young = code();
    worker.pass(1_000);
    assertThat(worker.send(logIn(code)).status()).isEqualTo(403);
    assertThat(worker.send(logIn(young)).status()).isEqualTo(200);
  }

  @Test
  void the_same_request_sent_again_by_the_front_logs_in_again() {
    String code = code();
    assertThat(worker.send(logIn(code).stamped("s1")).status()).isEqualTo(200);
    worker.restart();
    assertThat(worker.send(logIn(code).stamped("s1")).status()).isEqualTo(200);
    assertThat(worker.send(logIn(code).stamped("s2")).status()).isEqualTo(403);
    assertThat(worker.send(logIn(code)).status()).isEqualTo(403);
  }

  @Test
  void a_login_outlives_the_worker_and_ends_after_a_week() {
    String cookie = cookie();
    String csrf = csrf(cookie);
    worker.restart();
    assertThat(worker.send(shown("GET", "/api/v1/status", cookie)).status()).isEqualTo(200);
    assertThat(csrf(cookie)).isEqualTo(csrf);
    worker.pass(7L * 24 * 3_600_000);
    assertThat(worker.send(shown("GET", "/api/v1/status", cookie)).status()).isEqualTo(401);
    assertThat(worker.send(shown("GET", "/", cookie)).headers())
        .containsEntry("Location", "/login");
  }

  @Test
  void a_code_that_was_not_used_yet_outlives_the_worker() {
    String code = code();
    worker.restart();
    assertThat(worker.send(logIn(code)).status()).isEqualTo(200);
  }

  @Test
  void logging_out_ends_the_login_for_good() {
    String cookie = cookie();
    String other = cookie();
    Reply out =
        worker.send(posted("/api/v1/dashboard/logout", cookie).with("X-Csrf-Token", csrf(cookie)));
    assertThat(out.headers().get("Set-Cookie")).contains("Max-Age=0");
    worker.restart();
    assertThat(worker.send(shown("GET", "/api/v1/status", cookie)).status()).isEqualTo(401);
    assertThat(worker.send(shown("GET", "/api/v1/status", other)).status()).isEqualTo(200);
  }

  @Test
  void what_changes_something_needs_the_token_of_the_login() {
    String cookie = cookie();
    String good = csrf(cookie);
    String others = csrf(cookie());
    Ask wanted = posted("/api/v1/sessions/none/checkpoint", cookie);
    record Row(String what, Ask ask, int status) {}
    List<Row> rows =
        List.of(
            new Row("none", wanted, 403),
            new Row("empty", wanted.with("X-Csrf-Token", ""), 403),
            new Row("wrong", wanted.with("X-Csrf-Token", good + "x"), 403),
            new Row("another login's", wanted.with("X-Csrf-Token", others), 403),
            new Row("twice", wanted.with("X-Csrf-Token", good).with("X-Csrf-Token", good), 400),
            new Row("good", wanted.with("X-Csrf-Token", good), 404));
    for (Row row : rows) {
      Reply reply = worker.send(row.ask());
      assertThat(reply.status()).as(row.what()).isEqualTo(row.status());
      assertThat(worker.isServing()).isTrue();
    }
  }

  @Test
  void a_login_may_do_what_pages_have_buttons_for_and_bring_no_command() {
    String cookie = cookie();
    String csrf = csrf(cookie);
    for (String path :
        List.of(
            "import",
            "sessions/work/export",
            "upstreams/work/echo",
            "upstreams/work/echo/record",
            "upstreams/work/echo/release",
            "daemon/replace",
            "sessions/a/b/checkpoint")) {
      Reply reply = worker.send(posted("/api/v1/" + path, cookie).with("X-Csrf-Token", csrf));
      assertThat(reply.status()).as(path).isEqualTo(403);
    }
    for (String path :
        List.of(
            "sessions/none/recover",
            "sessions/none/restore",
            "sessions/none/fork",
            "sessions/none/calls/cancel",
            "upstreams/none/echo/reconnect")) {
      Reply reply = worker.send(posted("/api/v1/" + path, cookie).with("X-Csrf-Token", csrf));
      assertThat(reply.status()).as(path).isNotEqualTo(403);
    }
  }

  @Test
  void a_cookie_is_taken_from_our_own_pages_alone() {
    String cookie = cookie();
    Ask status = shown("GET", "/api/v1/status", cookie);
    record Row(String what, Ask ask, int status) {}
    List<Row> rows =
        List.of(
            new Row("our page", status.with("Sec-Fetch-Site", "same-origin"), 200),
            new Row("the address bar", status.with("Sec-Fetch-Site", "none"), 200),
            new Row("another port", status.with("Sec-Fetch-Site", "same-site"), 403),
            new Row("another site", status.with("Sec-Fetch-Site", "cross-site"), 403),
            new Row("another origin", status.with("Origin", "http://evil.example"), 403),
            new Row("another port's", status.with("Origin", "http://localhost:9"), 403),
            new Row("another host", status.instead("Host", "evil.example"), 403),
            new Row("a bearer beside it", status.with("Authorization", "Bearer wrong"), 401),
            new Row("no tools by it", shown("GET", "/mcp", cookie), 401),
            new Row("no cookie", status.without("Cookie"), 401),
            new Row("an empty one", status.instead("Cookie", ""), 401),
            new Row("a wrong one", status.instead("Cookie", cookie + "x"), 401),
            new Row("a nameless one", status.instead("Cookie", "=;;=" + cookie), 401),
            new Row("another name", status.instead("Cookie", "x" + cookie), 401),
            new Row(
                "a huge one",
                status.instead("Cookie", cookie.replaceAll("=.*", "=" + "a".repeat(12_000))),
                401),
            new Row("beside others", status.instead("Cookie", "a=b; " + cookie + "; c=d"), 200),
            new Row("two headers", status.with("Cookie", cookie), 400));
    for (Row row : rows) {
      assertThat(worker.send(row.ask()).status()).as(row.what()).isEqualTo(row.status());
      assertThat(worker.isServing()).isTrue();
    }
  }

  @Test
  void a_login_that_is_badly_asked_for_is_refused_by_name() {
    record Row(String what, Ask ask, int status, String words) {}
    List<Row> rows =
        List.of(
            new Row("no such code", logIn("x"), 403, "LOGIN_REFUSED"),
            new Row("no code", logIn("").body(bytes("{}")), 400, "code"),
            new Row("an empty code", logIn(""), 400, "code"),
            new Row("no JSON", logIn("").body(bytes("{")), 400, "INVALID_ARGUMENT"),
            new Row("no object", logIn("").body(bytes("[]")), 400, "INVALID_ARGUMENT"),
            new Row("a number", logIn("").body(bytes("{\"code\":1}")), 400, "code"),
            new Row("more", logIn("").body(bytes("{\"code\":\"x\",\"y\":1}")), 400, "y"),
            new Row("a long code", logIn("x".repeat(600)), 400, "code"),
            new Row("a huge body", logIn("x".repeat(9_000)), 413, "4096"),
            new Row("a form", logIn("x").instead("Content-Type", "text/plain"), 415, "json"),
            new Row("no type", logIn("x").without("Content-Type"), 415, "json"),
            new Row("from elsewhere", logIn("x").with("Origin", "http://e.example"), 403, "origin"),
            new Row("by a page", logIn("x").with("Sec-Fetch-Site", "cross-site"), 403, "pages"),
            new Row("by PUT", new Ask("PUT", "/login", logIn("x").headers(), bytes("")), 405, ""));
    for (Row row : rows) {
      Reply reply = worker.send(row.ask());
      assertThat(reply.status()).as(row.what()).isEqualTo(row.status());
      assertThat(reply.body()).as(row.what()).contains(row.words());
      assertThat(reply.headers()).as(row.what()).doesNotContainKey("Set-Cookie");
      assertThat(worker.isServing()).isTrue();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void only_the_operators_token_makes_links() {
    worker.clientTokens("alice " + Hash.sha256("alice-1".getBytes(StandardCharsets.UTF_8)) + "\n");
    Ask make = Ask.post("{}").to("/api/v1/dashboard/code");
    assertThat(worker.send(make.instead("Authorization", "Bearer alice-1")).status())
        .isEqualTo(403);
    assertThat(worker.send(make.without("Authorization")).status()).isEqualTo(401);
    String cookie = cookie();
    Reply byCookie =
        worker.send(posted("/api/v1/dashboard/code", cookie).with("X-Csrf-Token", csrf(cookie)));
    assertThat(byCookie.status()).isEqualTo(403);
    assertThat(worker.send(Ask.of("GET", "/api/v1/dashboard/code")).status()).isEqualTo(405);
  }

  @Test
  void links_and_logins_are_bounded_and_the_oldest_go() {
    var codes = new ArrayList<String>();
    for (int i = 0; i < 17; i++) {
      codes.add(code());
    }
    assertThat(worker.send(logIn(codes.getFirst())).status()).isEqualTo(403);
    assertThat(worker.send(logIn(codes.get(1))).status()).isEqualTo(200);
    String first = cookie();
    for (int i = 0; i < 31; i++) {
      cookie();
    }
    assertThat(worker.send(shown("GET", "/api/v1/status", first)).status()).isEqualTo(200);
    cookie();
    assertThat(worker.send(shown("GET", "/api/v1/status", first)).status()).isEqualTo(401);
  }

  @Test
  void no_secret_is_written_down_and_nobody_else_can_read_the_file() throws IOException {
    String code = code();
    String cookie = cookie();
    Path file = directory.resolve("dashboard.json");
    assertThat(Files.readString(file))
        .doesNotContain(code, cookie.substring(cookie.indexOf('=') + 1))
        .contains("\"sha256\"");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void a_damaged_file_of_logins_is_reported_and_everybody_logs_in_again() throws IOException {
    String cookie = cookie();
    Path file = directory.resolve("dashboard.json");
    for (String damaged :
        List.of("", "{", "[]", "{\"name\":1}", "{\"name\":\"x\",\"codes\":[1]}")) {
      Files.writeString(file, damaged);
      worker.restart();
      assertThat(worker.send(shown("GET", "/api/v1/status", cookie)).status()).isEqualTo(401);
      assertThat(worker.warnings()).anyMatch(line -> line.contains("dashboard.json"));
      cookie = cookie();
      assertThat(worker.send(shown("GET", "/api/v1/status", cookie)).status()).isEqualTo(200);
    }
  }

  @Test
  void a_login_that_cannot_be_written_down_is_none() throws IOException {
    String code = code();
    // A directory that is not empty stands where the new file is to be written.
    Path there = directory.resolve("dashboard.json.new");
    Files.createDirectories(there.resolve("x"));
    assertThat(worker.send(logIn(code)).status()).isEqualTo(503);
    assertThat(worker.isServing()).isTrue();
    Files.delete(there.resolve("x"));
    Files.delete(there);
    assertThat(worker.send(logIn(code())).status()).isEqualTo(200);
  }
}
