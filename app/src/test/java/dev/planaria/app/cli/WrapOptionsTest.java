package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.app.shim.Target;
import dev.planaria.engine.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What `planaria wrap` understands, and what it calls things when nobody names them.
class WrapOptionsTest {

  private static final Path DIRECTORY = Path.of("/p/My Project");
  private static final Map<String, String> VARIABLES = Map.of("TOKEN", "Bearer t", "PATH", "/bin");

  private static WrapOptions read(String... words) {
    return WrapOptions.read(List.of(words), VARIABLES, DIRECTORY);
  }

  @Test
  void a_command_takes_everything_behind_the_dashes() {
    var options = read("--data", "/d", "--session=s", "--server", "it", "--", "x", "--", "--data");
    assertThat(options.data()).isEqualTo(Path.of("/d"));
    assertThat(options.target())
        .isEqualTo(
            new Target.Command(
                "s", "it", List.of("x", "--", "--data"), VARIABLES, DIRECTORY.toString()));
    assertThat(options.target().registrationPath()).isEqualTo("/api/v1/upstreams/s/it");
    assertThat(Json.write(options.target().registration()))
        .contains("\"command\":\"x\",\"args\":[\"--\",\"--data\"],\"env\":{")
        .contains("\"cwd\":\"/p/My Project\"");
    assertThat(options.target()).asString().doesNotContain("Bearer");
  }

  @Test
  void a_server_may_have_a_profile_by_name_or_in_a_file(@TempDir Path directory) throws Exception {
    var target = read("--profile", "ruv-swarm", "--", "x").target();
    assertThat(Json.write(target.registration()))
        .endsWith("\"cwd\":\"/p/My Project\",\"planaria\":{\"profile\":\"ruv-swarm\"}}");
    Path file = directory.resolve("notes.json");
    String planaria = "{\"profile\":{\"replay\":[\"add\"]},\"read_only\":[\"get\"]}";
    for (String content : List.of(planaria, "{\"planaria\":" + planaria + ",\"reasons\":[]}")) {
      Files.writeString(file, content);
      for (String[] words :
          List.of(
              new String[] {"--profile", "notes.json", "--", "x"},
              new String[] {"--profile=" + file, "https://mcp.example.com/x"})) {
        var read = WrapOptions.read(List.of(words), VARIABLES, directory).target();
        assertThat(Json.write(read.registration())).endsWith("\"planaria\":" + planaria + "}");
      }
    }
  }

  @Test
  void a_profile_that_cannot_be_read_is_refused_by_name(@TempDir Path directory) throws Exception {
    assertThatThrownBy(() -> read("--profile", "ruv-swarm"))
        .hasMessageContaining("--profile and --header-env need a server");
    assertThatThrownBy(() -> read("--profile", "./none.json", "--", "x"))
        .hasMessageContaining("--profile ./none.json: cannot be read");
    Path file = Files.writeString(directory.resolve("bad.json"), "{\"profile\":");
    assertThatThrownBy(() -> read("--profile", file.toString(), "--", "x"))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("bad.json: ");
  }

  @Test
  void a_url_takes_headers_out_of_the_environment() {
    var target = read("--header-env", "Authorization=TOKEN", "https://mcp.example.com/x").target();
    assertThat(Json.write(target.registration()))
        .isEqualTo(
            "{\"type\":\"http\",\"url\":\"https://mcp.example.com/x\","
                + "\"headers\":{\"Authorization\":\"Bearer t\"}}");
    assertThat(target.registrationPath()).endsWith("/mcp-example-com");
    assertThat(target).asString().doesNotContain("Bearer");
  }

  @Test
  void without_a_server_there_are_the_session_tools() {
    assertThat(read("--session", "a b/ü").target().defaultPath())
        .isEqualTo("/s/a%20b%2f%c3%bc/mcp");
    assertThat(read().target().session()).matches("My-Project-[0-9a-f]{8}");
    assertThat(WrapNames.session(Path.of("/q/My Project")))
        .isNotEqualTo(WrapNames.session(DIRECTORY));
    assertThat(WrapNames.session(Path.of("/"))).matches("root-[0-9a-f]{8}");
  }

  @Test
  void what_cannot_be_understood_is_refused() {
    for (String[] words :
        new String[][] {
          {"x", "y"},
          {"--session"},
          {"--session", "--", "x"},
          {"--session", "a", "--session", "b"},
          {"--session", ".."},
          {"--session", "a\nb", "--", "x"},
          {"--nonsense"},
          {"--"},
          {"--", " "},
          {"--server", "x"},
          {"--server", "a.b", "--", "x"},
          {"--header-env", "A", "http://h"},
          {"--header-env", "A=MISSING", "http://h"},
          {"--header-env", "A B=TOKEN", "http://h"},
          {"--header-env", "A=TOKEN", "--", "x"},
          {"http://"},
          {"http://h", "x"}
        }) {
      assertThatThrownBy(() -> read(words))
          .as(String.join(" ", words))
          .isInstanceOf(CommandFailure.class);
    }
  }

  @Test
  void servers_are_called_after_their_package_or_script() {
    var expected =
        Map.ofEntries(
            Map.entry("npx -y @modelcontextprotocol/server-memory@2026.8.31", "server-memory"),
            Map.entry("npx --yes ruv-swarm@1.0.20 mcp start", "ruv-swarm"),
            Map.entry(
                "npx -y @modelcontextprotocol/server-filesystem /p/docs", "server-filesystem"),
            Map.entry("npx @playwright/mcp@latest", "playwright-mcp"),
            Map.entry("uvx mcp-server-git==1.2 --repository x", "mcp-server-git"),
            Map.entry("uv --directory /x run weather.py", "weather"),
            Map.entry("python3.12 -m mcp_server_time --local", "mcp_server_time"),
            Map.entry("node --no-warnings /x/my-server/dist/index.js", "my-server"),
            Map.entry("java -jar /x/tool-1.jar", "tool-1"),
            Map.entry("docker run -i --rm -e KEY -v /a:/b mcp/fetch:1.0", "fetch"),
            Map.entry("env A=b /opt/x/server.sh", "x"),
            Map.entry("/usr/bin/my__tool", "my_tool"),
            Map.entry("npx", "npx"));
    expected.forEach((command, name) ->
        assertThat(WrapNames.serverOf(List.of(command.split(" ")))).as(command).isEqualTo(name));
  }
}
