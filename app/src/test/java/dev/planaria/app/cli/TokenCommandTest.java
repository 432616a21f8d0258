package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.access.Tokens;
import dev.planaria.app.gateway.wire.Headers;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.json.JsonString;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Client tokens are made, listed and taken back, and never kept.
class TokenCommandTest {

  @TempDir Path home;

  private Terminal terminal;

  @BeforeEach
  void sit_down() {
    terminal = new Terminal(home);
  }

  @Test
  void a_token_is_shown_once_and_only_its_hash_is_kept() throws Exception {
    var created = terminal.run("token", "create", "claude");
    assertThat(created.status()).isZero();
    String token = created.out().strip();
    Path file = terminal.data().resolve("client.tokens");
    assertThat(file).hasContent("claude " + sha256(token));
    assertThat(Files.readString(file)).doesNotContain(token);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(terminal.data())))
        .isEqualTo("rwx------");
    assertThat(created.err()).contains("the only time").doesNotContain(token);
  }

  @Test
  void tokens_are_listed_by_name_and_taken_back() {
    assertThat(terminal.run("token", "list").out()).isEqualTo("no client tokens\n");
    terminal.run("token", "create", "one");
    terminal.run("token", "create", "two");
    assertThat(terminal.run("token", "list").out()).isEqualTo("one\ntwo\n");
    assertThat(terminal.run("token", "revoke", "one").status()).isZero();
    assertThat(terminal.run("token", "list", "--json").out()).isEqualTo("{\"names\":[\"two\"]}\n");
  }

  @Test
  void a_name_that_is_taken_or_not_there_has_its_own_status() {
    terminal.run("token", "create", "one");
    assertThat(terminal.run("token", "create", "one").status()).isEqualTo(ExitStatus.IN_USE.code());
    var missing = terminal.run("token", "revoke", "other");
    assertThat(missing.status()).isEqualTo(ExitStatus.NOT_FOUND.code());
    assertThat(missing.err()).isEqualTo("planaria: there is no token named other\n");
    assertThat(terminal.run("token", "list").out()).isEqualTo("one\n");
  }

  @Test
  void tokens_made_at_once_are_all_kept() throws Exception {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 20; i++) {
      String name = "client-" + i;
      threads.add(Thread.ofVirtual().start(() -> new Terminal(home).run("token", "create", name)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(new ClientTokens(terminal.data()).names()).hasSize(20);
  }

  @Test
  void the_gateway_reads_what_is_written_here() {
    var created = terminal.run("token", "create", "a.client-1", "--json").json();
    String token = created.get("token") instanceof JsonString(var text) ? text : "";
    assertThat(principalOf(token)).contains("a.client-1");
    assertThat(principalOf(token + "x")).isEmpty();
  }

  private Optional<String> principalOf(String token) {
    var silent =
        new Log() {
          @Override
          public void info(String message) {}

          @Override
          public void warn(String message, @Nullable Throwable cause) {
            throw new AssertionError(message);
          }
        };
    var headers = new Headers.Builder().add("Authorization", "Bearer " + token).build();
    return new Tokens(terminal.data(), () -> 0, silent).principal(headers);
  }

  private static String sha256(String token) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(digest);
  }
}
