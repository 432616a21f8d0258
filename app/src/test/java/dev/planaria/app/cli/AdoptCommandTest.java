package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `planaria adopt`: each shape, each refusal, and the way back.
@DisabledOnOs(OS.WINDOWS)
class AdoptCommandTest {

  private static final String LAUNCHER = "/opt/planaria dir/planaria";

  @TempDir Path home;

  private Path file;
  private Terminal terminal;

  @BeforeEach
  void a_terminal() {
    file = home.resolve("servers.json");
    terminal = new Terminal(home).installedIn(Path.of(LAUNCHER), home);
  }

  private String adopted(String text) throws IOException {
    Files.writeString(file, text);
    Terminal.Finished run = terminal.run("adopt", file.toString());
    assertThat(run.status()).as(run.err()).isZero();
    return Files.readString(file);
  }

  private String reasonFor(String entry) throws IOException {
    String text = "{\"mcpServers\": {\"it\": " + entry + "}}";
    Files.writeString(file, text);
    Terminal.Finished run = terminal.run("adopt", file.toString(), "--json");
    assertThat(run.status()).isZero();
    assertThat(Files.readString(file)).isEqualTo(text);
    assertThat(Json.write(run.json()))
        .contains("\"action\":\"left\"")
        .contains("\"changed\":false");
    return Json.write(run.json());
  }

  @Test
  void a_project_file_keeps_its_form() throws Exception {
    assertThat(
            adopted(
                """
                {
                  "mcpServers": {
                    "memory": {
                      "command": "npx",
                      "args": ["-y", "@modelcontextprotocol/server-memory"],
                      "env": { "MEMORY_FILE": "${HOME}/m.json" }
                    },
                    "lines": {
                      "command": "uvx",
                      "args": [
                        "mcp-server-git",
                        "--repository",
                        "a, b"
                      ]
                    },
                    "bare": {
                      "command": "/usr/local/bin/server"
                    },
                    "none": { "command": "x", "args": [] }
                  },
                  "other": [1, 2.50, null]
                }
                """))
        .isEqualTo(
            """
            {
              "mcpServers": {
                "memory": {
                  "command": "/opt/planaria dir/planaria",
                  "args": ["wrap", "--server", "memory", "--", "npx", "-y", "@modelcontextprotocol/server-memory"],
                  "env": { "MEMORY_FILE": "${HOME}/m.json" }
                },
                "lines": {
                  "command": "/opt/planaria dir/planaria",
                  "args": [
                    "wrap",
                    "--server",
                    "lines",
                    "--",
                    "uvx",
                    "mcp-server-git",
                    "--repository",
                    "a, b"
                  ]
                },
                "bare": {
                  "command": "/opt/planaria dir/planaria",
                  "args": ["wrap", "--server", "bare", "--", "/usr/local/bin/server"]
                },
                "none": { "command": "/opt/planaria dir/planaria", "args": ["wrap", "--server", "none", "--", "x"] }
              },
              "other": [1, 2.50, null]
            }
            """);
  }

  @Test
  void vs_code_keeps_its_comments_and_inputs_and_its_remote_server_becomes_a_local_one()
      throws Exception {
    assertThat(
            adopted(
                """
                {
                  // asked once
                  "inputs": [{"id": "token", "type": "promptString", "password": true},],
                  "servers": {
                    /* far away */
                    "Far Away": {
                      "type": "http",
                      "url": "https://example.com/mcp", // here
                      "headers": {"Authorization": "Bearer ${input:token}", "X-Team": "${env:TEAM}"},
                    },
                    "near": {"type": "stdio", "command": "node", "args": ["${workspaceFolder}/s.js",],},
                  },
                }
                """))
        .isEqualTo(
            """
            {
              // asked once
              "inputs": [{"id": "token", "type": "promptString", "password": true},],
              "servers": {
                /* far away */
                "Far Away": {
                  "type": "stdio",
                  "command": "/opt/planaria dir/planaria",
                  "args": ["wrap", "--server", "Far-Away", "--header-env", "Authorization=PLANARIA_HEADER_AUTHORIZATION", "--header-env", "X-Team=PLANARIA_HEADER_X_TEAM", "https://example.com/mcp"], // here
                  "env": {"PLANARIA_HEADER_AUTHORIZATION": "Bearer ${input:token}", "PLANARIA_HEADER_X_TEAM": "${env:TEAM}"},
                },
                "near": {"type": "stdio", "command": "/opt/planaria dir/planaria", "args": ["wrap", "--server", "near", "--", "node", "${workspaceFolder}/s.js",],},
              },
            }
            """);
  }

  @Test
  void settings_of_vs_code_and_windows_line_ends_are_understood() throws Exception {
    assertThat(
            adopted("\uFEFF{\r\n\"mcp\":{\"servers\":{\"a\":{\r\n\"url\":\"http://h/x\"\r\n}}}}"))
        .isEqualTo(
            "\uFEFF{\r\n\"mcp\":{\"servers\":{\"a\":{\r\n\"command\": \""
                + LAUNCHER
                + "\",\r\n\"args\": [\"wrap\", \"--server\", \"a\", \"http://h/x\"]\r\n}}}}");
  }

  @Test
  void names_that_no_address_can_carry_get_ones_that_differ() throws Exception {
    String text =
        adopted(
            "{\"mcpServers\":{\"a b\":{\"command\":\"x\"},\"a/b\":{\"command\":\"x\"},"
                + "\"\\u0431\":{\"command\":\"x\"}}}");
    assertThat(text).contains("\"a-b\"").contains("\"2-a-b\"").contains("\"server\"");
    Json.parse(text, JsonLimits.DEFAULT);
  }

  @Test
  void a_second_run_changes_nothing_and_says_so() throws Exception {
    String once = adopted("{\"mcpServers\": {\"a\": {\"command\": \"x\"}}}");
    Terminal.Finished again = terminal.run("adopt", file.toString());
    assertThat(again.status()).isZero();
    assertThat(again.out()).contains("already").contains("nothing to change");
    assertThat(Files.readString(file)).isEqualTo(once);
    assertThat(home.resolve("servers.json.planaria-backup-2")).doesNotExist();
  }

  @Test
  void what_cannot_be_wrapped_is_left_with_a_reason() throws Exception {
    assertThat(
            reasonFor("{\"url\":\"https://h\",\"headers\":{\"Authorization\":\"Bearer secret\"}}"))
        .contains("stands in the file")
        .doesNotContain("secret");
    assertThat(reasonFor("{\"url\":\"https://h/?key=${KEY}\"}")).contains("variable");
    assertThat(reasonFor("{\"url\":\"https://u:p@h/\"}")).contains("password");
    assertThat(reasonFor("{\"url\":\"https://h\",\"type\":\"ws\"}")).contains("its type is ws");
    assertThat(reasonFor("{\"url\":\"https://h\",\"headers\":{\"A\":\"${B}\"},\"env\":{}}"))
        .contains("both headers and env");
    assertThat(reasonFor("{\"url\":\"https://h\",\"headers\":[]}")).contains("no object");
    assertThat(reasonFor("{\"command\":5}")).contains("no string");
    assertThat(reasonFor("{\"command\":\"x\",\"args\":\"y\"}")).contains("no array");
    assertThat(reasonFor("{\"command\":\"x\",\"args\":[1]}")).contains("not all strings");
    assertThat(reasonFor("{\"command\":\" \"}")).contains("empty");
    assertThat(reasonFor("{\"disabled\":true}")).contains("neither a command nor a url");
    assertThat(reasonFor("[]")).contains("no object");
  }

  @Test
  void what_is_no_configuration_is_refused_with_the_place() throws Exception {
    for (String text :
        List.of(
            "",
            "[]",
            "{",
            "{\"mcpServers\": []}",
            "{\"a\":1,\"a\":2}",
            "{\"a\":tru}",
            "{\"a\":\"\\q\"}",
            "{/*",
            "{\"a\" 1}",
            "{\"a\":1 \"b\":2}",
            "{} x",
            "[".repeat(5_000))) {
      Files.writeString(file, text);
      Terminal.Finished run = terminal.run("adopt", file.toString());
      assertThat(run.status()).as(text).isEqualTo(ExitStatus.FAILED.code());
      assertThat(run.err()).contains("servers.json: ");
      assertThat(Files.readString(file)).isEqualTo(text);
    }
    assertThat(terminal.run("adopt", home.resolve("missing").toString()).status())
        .isEqualTo(ExitStatus.NOT_FOUND.code());
    assertThat(terminal.run("adopt", home.toString()).err()).contains("not a regular file");
    assertThat(new Terminal(home).run("adopt", file.toString()).err()).contains("planaria script");
    Files.write(file, new byte[] {'{', (byte) 0xff, '}'});
    assertThat(terminal.run("adopt", file.toString()).err()).contains("not UTF-8");
  }

  @Test
  void a_dry_run_shows_the_difference_and_changes_nothing() throws Exception {
    String text = "{\"mcpServers\": {\n  \"a\": {\n    \"command\": \"x\"\n  }\n}}\n";
    Files.writeString(file, text);
    Terminal.Finished run = terminal.run("adopt", "--dry-run", file.toString());
    assertThat(run.out())
        .contains("a: would be wrapped")
        .contains("-     \"command\": \"x\"")
        .contains("+     \"command\": \"" + LAUNCHER + "\",")
        .contains("    \"a\": {");
    assertThat(Files.readString(file)).isEqualTo(text);
    try (var files = Files.list(home)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void undo_puts_back_every_byte() throws Exception {
    String first = "{ \"mcpServers\":{\"a\":{\"command\":\"x\"}}}  // end";
    String adopted = adopted(first);
    String more = adopted.replace("{\"a\"", "{\"b\":{\"command\":\"y\"},\"a\"");
    adopted(more);
    assertThat(home.resolve("servers.json.planaria-backup-2")).hasContent(more);

    assertThat(terminal.run("adopt", "--undo", "--dry-run", file.toString()).out()).contains("+ ");
    assertThat(terminal.run("adopt", "--undo", file.toString()).status()).isZero();
    assertThat(Files.readString(file)).isEqualTo(more);

    // The first backup is of another text by now.
    Terminal.Finished refused = terminal.run("adopt", "--undo", file.toString());
    assertThat(refused.status()).isEqualTo(ExitStatus.IN_USE.code());
    assertThat(refused.err()).contains("was changed since").contains("--force");
    assertThat(Files.readString(file)).isEqualTo(more);
    assertThat(terminal.run("adopt", "--undo", "--force", file.toString()).status()).isZero();
    assertThat(Files.readString(file)).isEqualTo(first);

    assertThat(terminal.run("adopt", "--undo", file.toString()).status())
        .isEqualTo(ExitStatus.NOT_FOUND.code());
    assertThat(terminal.run("adopt", "--force", file.toString()).status())
        .isEqualTo(ExitStatus.USAGE.code());
  }

  @Test
  void links_and_modes_stay_and_backups_are_as_closed_as_the_file() throws Exception {
    Path real = Files.createDirectories(home.resolve("dotfiles")).resolve("real.json");
    Files.writeString(real, "{\"mcpServers\":{\"a\":{\"command\":\"x\"}}}");
    Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r-----"));
    Files.createSymbolicLink(file, real);
    assertThat(terminal.run("adopt", file.toString()).status()).isZero();
    assertThat(file).isSymbolicLink();
    assertThat(Files.readString(real)).contains(LAUNCHER);
    for (Path written : List.of(real, real.resolveSibling("real.json.planaria-backup"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written)))
          .isEqualTo("rw-r-----");
    }
  }

  @Test
  void garbage_and_cut_files_never_break_it() throws Exception {
    var random = new Random(5);
    String whole =
        "{\"mcpServers\": {\"a\": {\"command\": \"x\", \"args\": [\"\\u0041\", \"b\"]}, // c\n"
            + " \"r\": {\"url\": \"http://h\", \"headers\": {\"A\": \"${B}\"}}}}";
    for (int i = 0; i < 400; i++) {
      var text = new StringBuilder(whole);
      for (int j = random.nextInt(4); j >= 0; j--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, "{}[]\",:\\/*x1".charAt(random.nextInt(12)));
          default -> text.setLength(Math.max(1, at));
        }
      }
      try {
        AdoptPlan plan = AdoptPlan.of(text.toString(), LAUNCHER);
        // What it wrote it understands, and would change no more.
        assertThat(AdoptPlan.of(plan.text(), LAUNCHER).changes()).as(text.toString()).isFalse();
      } catch (AdoptText.Malformed e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }
}
