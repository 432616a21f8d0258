package dev.planaria.app.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.Ask;
import dev.planaria.app.gateway.Reply;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The files of the pages: how they are served, and what may not stand in them.
class StaticFilesTest extends OnWorker {
  private static Ask of(String method, String path) {
    return Ask.of(method, path).without("Authorization");
  }

  @Test
  void every_file_comes_with_what_keeps_a_browser_from_misusing_it() {
    for (String path :
        List.of("/login", "/ui/app.js", "/ui/style.css", "/ui/icon.svg", "/ui/no.js")) {
      Reply reply = worker.send(of("GET", path));
      assertThat(reply.headers())
          .as(path)
          .containsEntry("Content-Security-Policy", StaticFiles.POLICY)
          .containsEntry("X-Content-Type-Options", "nosniff")
          .containsEntry("Referrer-Policy", "no-referrer")
          .containsEntry("X-Frame-Options", "DENY");
    }
    assertThat(StaticFiles.POLICY)
        .contains("default-src 'none'", "frame-ancestors 'none'")
        .doesNotContain("unsafe", "*", "http");
  }

  @Test
  void types_are_those_of_the_files() {
    assertThat(type("/login")).isEqualTo("text/html; charset=utf-8");
    assertThat(type("/ui/app.js")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(type("/ui/uplot.js")).isEqualTo("text/javascript; charset=utf-8");
    assertThat(type("/ui/uplot.css")).isEqualTo("text/css; charset=utf-8");
    assertThat(type("/ui/icon.svg")).isEqualTo("image/svg+xml");
  }

  private String type(String path) {
    Reply reply = worker.send(of("GET", path));
    assertThat(reply.status()).as(path).isEqualTo(200);
    assertThat(reply.body()).as(path).isNotEmpty();
    return Objects.requireNonNull(reply.headers().get("Content-Type"));
  }

  @Test
  void a_file_that_the_browser_has_is_not_sent_again() {
    String tag = Objects.requireNonNull(worker.send(of("GET", "/ui/app.js")).headers().get("ETag"));
    Reply known = worker.send(of("GET", "/ui/app.js").with("If-None-Match", "\"x\", " + tag));
    assertThat(known.status()).isEqualTo(304);
    assertThat(known.body()).isEmpty();
    assertThat(worker.send(of("GET", "/ui/app.js").with("If-None-Match", "\"x\"")).status())
        .isEqualTo(200);
    assertThat(worker.send(of("HEAD", "/ui/app.js")).status()).isEqualTo(200);
  }

  @Test
  void the_page_is_for_those_who_are_logged_in() {
    Reply reply = worker.send(of("GET", "/"));
    assertThat(reply.status()).isEqualTo(303);
    assertThat(reply.headers())
        .containsEntry("Location", "/login")
        .containsEntry("Cache-Control", "no-store");
  }

  @Test
  void what_is_no_file_is_not_there() {
    List<String> paths =
        List.of(
            "/ui/",
            "/ui/nothing.js",
            "/ui/app",
            "/ui/App.js",
            "/ui/app.js/",
            "/ui/../login",
            "/ui/..",
            "/ui/%2e%2e/x.js",
            "/ui/..%2fMain.class",
            "/ui/a/b.js",
            "/ui//app.js",
            "/ui/app.js%00",
            "/ui/app.class",
            "/ui/" + "a".repeat(5_000) + ".js");
    for (String path : paths) {
      assertThat(worker.send(of("GET", path)).status()).as(path).isEqualTo(404);
      assertThat(worker.isServing()).isTrue();
    }
    assertThat(worker.send(of("GET", "/ui")).status()).isEqualTo(401);
    assertThat(worker.send(of("POST", "/ui/app.js")).status()).isEqualTo(405);
    assertThat(worker.send(of("DELETE", "/")).status()).isEqualTo(405);
    assertThat(worker.send(of("GET", "/login").instead("Host", "evil.example")).status())
        .isEqualTo(403);
  }

  @Test
  void no_module_makes_markup_of_text() throws IOException, URISyntaxException {
    Pattern forbidden =
        Pattern.compile(
            "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\b|new Function"
                + "|createContextualFragment|DOMParser|srcdoc|javascript:|https?://(?!www\\.w3\\.org/2000/svg)");
    for (Path file : files()) {
      assertThat(Files.readString(file)).as(file.toString()).doesNotContainPattern(forbidden);
    }
    assertThat("node.innerHTML = name").containsPattern(forbidden);
  }

  @Test
  void no_page_has_anything_inline() throws IOException, URISyntaxException {
    Pattern inline = Pattern.compile("<script(?![^>]* src=)|<style|\\sstyle=|\\son[a-z]+=");
    for (Path file : files()) {
      if (file.toString().endsWith(".html")) {
        assertThat(Files.readString(file)).as(file.toString()).doesNotContainPattern(inline);
      }
    }
    assertThat("<p onclick=x>").containsPattern(inline);
  }

  private static List<Path> files() throws IOException, URISyntaxException {
    Path place =
        Path.of(
            Objects.requireNonNull(StaticFiles.class.getResource("/dashboard/index.html")).toURI());
    try (Stream<Path> files = Files.list(Objects.requireNonNull(place.getParent()))) {
      List<Path> found = files.toList();
      assertThat(found).hasSizeGreaterThan(5);
      return found;
    }
  }
}
