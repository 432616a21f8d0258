package dev.planaria.app.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.Ask;
import dev.planaria.app.gateway.Reply;
import dev.planaria.app.gateway.TestWorker;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A worker for each test, and browsers that log in to it.
abstract class OnWorker {
  @TempDir Path directory;

  TestWorker worker;

  @BeforeEach
  final void begin() {
    worker = start();
  }

  @AfterEach
  final void end() {
    worker.close();
  }

  /// The worker as the tests of a class need it.
  TestWorker start() {
    return TestWorker.on(directory);
  }

  /// The code in a new link.
  final String code() {
    Reply made = worker.send(Ask.post("{}").to("/api/v1/dashboard/code"));
    assertThat(made.status()).as(made.body()).isEqualTo(200);
    return made.at("path").substring("/login#".length());
  }

  static Ask logIn(String code) {
    return Ask.post("{\"code\":\"" + code + "\"}").to("/login").without("Authorization");
  }

  /// The cookie of a browser that has just logged in.
  final String cookie() {
    Reply in = worker.send(logIn(code()));
    assertThat(in.status()).as(in.body()).isEqualTo(200);
    String set = Objects.requireNonNull(in.headers().get("Set-Cookie"));
    assertThat(set).contains("; HttpOnly", "; SameSite=Strict", "; Path=/;", "Max-Age=604800");
    return set.substring(0, set.indexOf(';'));
  }

  static Ask shown(String method, String path, String cookie) {
    return Ask.of(method, path).without("Authorization").with("Cookie", cookie);
  }

  static Ask posted(String path, String cookie) {
    return Ask.post("{}").to(path).without("Authorization").with("Cookie", cookie);
  }

  final String csrf(String cookie) {
    return worker.send(shown("GET", "/api/v1/dashboard/session", cookie)).at("csrf");
  }
}
