package dev.planaria.app.gateway.upstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Era;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The operator's file: what it says, what it must not say, and what happens when it changes.
class UpstreamsFileTest {

  private static final Map<String, String> VARIABLES =
      Map.of("TOKEN", "s3cret", "HOME_OF", "/opt-of-x", "NESTED", "${TOKEN}");

  @TempDir Path scratch;

  private Path path;
  private UpstreamsFile file;

  @BeforeEach
  void a_file() throws IOException {
    path = scratch.resolve("servers.json");
    file = new UpstreamsFile(path, Files.getOwner(scratch).getName(), VARIABLES);
  }

  /// Writes a new file and puts it in the place of the old one, as editors do.
  private void write(String text) throws IOException {
    Path fresh = scratch.resolve("fresh");
    Files.writeString(fresh, text);
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-r--r--"));
    Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING);
  }

  private ServerEntry only(String entry) throws Exception {
    write("{\"mcpServers\":{\"x\":" + entry + "}}");
    var _ = file.runOnce();
    return Objects.requireNonNull(file.servers().get("x"));
  }

  private String refusal(String text) throws IOException {
    write(text);
    return refusal();
  }

  private String refusal() {
    return String.valueOf(
        catchThrowableOfType(UpstreamsFile.Refused.class, file::runOnce).getMessage());
  }

  @Test
  void a_command_is_read_with_its_variables_put_in_once() throws Exception {
    var entry =
        only(
            "{\"command\":\"npx\",\"args\":[\"-y\",\"${HOME_OF}/a\",\"${NONE:-else}\",\"${NESTED}\",\"$X\"],\"env\":{\"KEY\":\"${env:TOKEN}\"},\"cwd\":\"${HOME_OF}\",\"autoApprove\":[\"of"
                + " others\"]}");
    assertThat(entry.launch())
        .isEqualTo(
            new ServerEntry.Launch.Command(
                new StdioCommand(
                    List.of("npx", "-y", "/opt-of-x/a", "else", "${TOKEN}", "$X"),
                    Map.of("KEY", "s3cret"),
                    Path.of("/opt-of-x"))));
    assertThat(entry.scope()).isEqualTo(ServerEntry.Scope.SESSION);
    assertThat(entry.planaria()).isEqualTo(JsonObject.EMPTY);
    assertThat(entry.toString()).doesNotContain("s3cret");
  }

  @Test
  void an_address_is_read_with_its_headers() throws Exception {
    var url = URI.create("https://example.org/mcp?k=1");
    for (String type : List.of("", "\"type\":\"http\",", "\"type\":\"streamable-http\",")) {
      assertThat(
              only("{"
                      + type
                      + "\"url\":\"https://example.org/mcp?k=1\",\"headers\":{\"Authorization\":\"Bearer"
                      + " ${TOKEN}\"}}")
                  .launch())
          .isEqualTo(
              new ServerEntry.Launch.Remote(
                  new RemoteServer(url, Map.of("Authorization", "Bearer s3cret"), false)));
    }
    var old = only("{\"type\":\"sse\",\"url\":\"http://127.0.0.1:9/sse\"}");
    assertThat(old.launch())
        .isEqualTo(
            new ServerEntry.Launch.Remote(
                new RemoteServer(URI.create("http://127.0.0.1:9/sse"), Map.of(), true)));
    assertThat(old.toString()).contains("http://127.0.0.1:9").doesNotContain("/sse");
  }

  @Test
  void what_we_may_do_is_handed_on() throws Exception {
    var entry =
        only(
            """
            {"command": "x", "planaria": {"scope": "shared", "era": "legacy", "read_only": ["a"]}}
            """);
    assertThat(entry.scope()).isEqualTo(ServerEntry.Scope.SHARED);
    assertThat(entry.era()).isEqualTo(Era.LEGACY);
    assertThat(Json.write(entry.planaria())).contains("\"read_only\":[\"a\"]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{} | `mcpServers.x.command` or `url` must be there",
        "{\"command\":\"x\",\"url\":\"http://a\"} | `mcpServers.x.command` or `url`",
        "{\"command\":\"\"} | `mcpServers.x.command` must name a program",
        "{\"command\":7} | `mcpServers.x.command` must be a text",
        "{\"command\":\"x\",\"args\":\"-y\"} | `mcpServers.x.args` must be an array",
        "{\"command\":\"x\",\"args\":[1]} | `mcpServers.x.args[0]` must be a text",
        "{\"command\":\"x\",\"env\":{\"A=B\":\"c\"}} | `mcpServers.x.env` holds a name",
        "{\"command\":\"x\",\"env\":{\"A\":null}} | `mcpServers.x.env.A` must be a text",
        "{\"command\":\"x\",\"args\":[\"a\\u0000b\"]} | `mcpServers.x.args[0]` must have at most",
        "{\"command\":\"${UNSET}\"} | `mcpServers.x.command` names the variable UNSET",
        "{\"type\":\"ws\",\"url\":\"http://a\"} | `mcpServers.x.type` must be stdio, http or sse",
        "{\"type\":\"http\",\"command\":\"a\"} | `mcpServers.x.type` must be stdio with",
        "{\"url\":\"file:///etc/passwd\"} | must begin with http:// or https://",
        "{\"url\":\"jar:http://a!/b\"} | must begin with http:// or https://",
        "{\"url\":\"javascript:alert(1)\"} | must begin with http:// or https://",
        "{\"url\":\"data:text/plain,x\"} | must begin with http:// or https://",
        "{\"url\":\"ws://a/\"} | must begin with http:// or https://",
        "{\"url\":\"//a/mcp\"} | must begin with http:// or https://",
        "{\"url\":\"http:///mcp\"} | `mcpServers.x.url`",
        "{\"url\":\"http:a\"} | must begin with http:// or https:// and a host",
        "{\"url\":\"http://a/#b\"} | neither user info nor a fragment",
        "{\"url\":\"http://a\\u0000b/\"} | `mcpServers.x.url`",
        "{\"url\":\"http://me:pw@a/\"} | credentials belong into `headers`",
        "{\"url\":\"http://a b\"} | `mcpServers.x.url` must be a URL",
        "{\"url\":\"http://a\",\"headers\":{\"Host\":\"b\"}} | the header Host is set by the"
            + " protocol",
        "{\"url\":\"http://a\",\"headers\":{\"X\":\"a\\r\\nY: b\"}} | cannot be sent",
        "{\"command\":\"x\",\"planaria\":[]} | `planaria` must be an object",
        "{\"command\":\"x\",\"planaria\":{\"scope\":\"all\"}} | `mcpServers.x.planaria.scope` must"
            + " be one of session, shared",
        "{\"command\":\"x\",\"planaria\":{\"readonly\":[]}} | `mcpServers.x.planaria.readonly` is"
            + " not known"
      })
  void a_wrong_entry_is_refused_with_its_field_and_its_rule(String entry, String rule)
      throws IOException {
    assertThat(refusal("{\"mcpServers\":{\"x\":" + entry + "}}"))
        .contains(path.toString(), rule)
        .doesNotContain("pw", "s3cret");
    assertThat(file.servers()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"mcpServers\":[]}",
        "{\"mcpServers\":{\"\":{}}}",
        "{\"mcpServers\":{\"a\":1}}",
        "{\"mcpServers\":{\"../../x\":{\"command\":\"x\"}}}",
        "{\"mcpServers\":{\"a\":{\"command\":\"x\"},\"a\":{\"command\":\"y\"}}}"
      })
  void a_file_of_another_form_is_refused(String text) throws IOException {
    assertThat(refusal(text)).startsWith(path + ": ");
  }

  @Test
  void a_file_that_is_too_large_too_deep_or_too_long_a_list_is_refused() throws IOException {
    assertThat(refusal(" ".repeat(1 << 20) + "{}")).startsWith(path + ": ");
    assertThat(refusal("{\"mcpServers\":" + "[".repeat(100_000))).startsWith(path + ": ");
    var many = new StringBuilder("{\"mcpServers\":{");
    for (int i = 0; i < 1_001; i++) {
      many.append(i == 0 ? "" : ",").append("\"s").append(i).append("\":{\"command\":\"x\"}");
    }
    assertThat(refusal(many + "}}")).contains("must have at most 1000 members");
    assertThat(refusal("{\"mcpServers\":{\"x\":{\"command\":\"" + "y".repeat(200_000) + "\"}}}"))
        .contains("`mcpServers.x.command` must have at most 131072 characters");
    assertThat(file.servers()).isEmpty();
  }

  @Test
  void a_file_that_others_can_write_is_refused_and_one_that_is_not_there_is_said_so()
      throws Exception {
    assertThat(refusal()).isEqualTo("there is no file " + path);
    assertThat(file.runOnce()).isEmpty();
    for (String mode : List.of("rw-rw-r--", "rw-r--rw-")) {
      write("{\"mcpServers\":{}}");
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
      assertThat(refusal()).contains("chmod go-w");
    }
    write("{\"mcpServers\":{}}");
    String owner = Files.getOwner(path).getName();
    if (!owner.equals("root")) {
      assertThat(
              catchThrowableOfType(
                  UpstreamsFile.Refused.class,
                  new UpstreamsFile(path, "somebody-else", Map.of())::runOnce))
          .hasMessageContaining("belongs to " + owner);
    }
  }

  @Test
  void a_change_is_told_once_and_a_bad_one_changes_nothing() throws Exception {
    write(
        "{\"mcpServers\":{\"a\":{\"command\":\"x\"},\"b\":{\"command\":\"y\"},"
            + "\"off\":{\"command\":\"z\",\"disabled\":true}}}");
    var first = file.runOnce().orElseThrow();
    assertThat(first.added()).containsExactly("a", "b");
    assertThat(first.servers()).containsOnlyKeys("a", "b");
    assertThat(file.runOnce()).isEmpty();

    write(
        "{\"mcpServers\":{\"b\":{\"command\":\"y\",\"args\":[\"1\"]},\"c\":{\"command\":\"z\"}}}");
    var second = file.runOnce().orElseThrow();
    assertThat(second.added()).containsExactly("c");
    assertThat(second.changed()).containsExactly("b");
    assertThat(second.removed()).containsExactly("a");

    assertThat(refusal("{\"mcpServers\":")).contains("too early");
    assertThat(file.runOnce()).isEmpty();
    assertThat(file.servers()).containsOnlyKeys("b", "c");

    write(
        " {\"mcpServers\":{\"c\":{\"command\":\"z\"},\"b\":{\"args\":[\"1\"],\"command\":\"y\"}}}");
    assertThat(file.runOnce()).isEmpty();
    Files.delete(path);
    assertThat(file.runOnce()).isEmpty();
    assertThat(file.servers()).containsOnlyKeys("b", "c");
  }
}
