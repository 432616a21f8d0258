package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `planaria wrap` as a process, with the session tools of a real daemon behind it.
@DisabledOnOs(OS.WINDOWS)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WrapProcessTest {

  private static final String MAIN = WrapMain.class.getName();

  private static final String MODERN_META =
      "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
          + "\"io.modelcontextprotocol/clientCapabilities\":{}}";

  private WrappedDaemon daemon;
  private Path data;
  private Path scratch;

  @BeforeAll
  void a_shim_starts_the_daemon(@TempDir Path temporary) throws Exception {
    scratch = temporary;
    data = scratch.resolve("data");
    daemon = new WrappedDaemon(data);
    assertThat(daemon.file()).isEmpty();
    long start = System.nanoTime();
    try (WrapProcess wrap = wrap()) {
      wrap.initialize("0");
      System.out.printf(
          "first answer without a daemon: %d ms (class path, no cache)%n", millisSince(start));
      assertThat(daemon.file()).isPresent();
      assertThat(wrap.finish()).isZero();
    }
    assertThat(daemon.file()).as("it outlives who started it").isPresent();
  }

  @AfterAll
  void the_daemon_ends() throws IOException {
    daemon.stop();
    daemon.close();
  }

  private WrapProcess wrap(String... words) throws IOException {
    var all = new ArrayList<>(List.of("--data", data.toString()));
    all.addAll(Arrays.asList(words));
    return WrapProcess.start(MAIN, scratch, all);
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }

  private static String call(String id, String tool, String arguments) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\"tools/call\",\"params\":{\"name\":\""
        + tool
        + "\",\"arguments\":"
        + arguments
        + "}}";
  }

  @Test
  void a_legacy_client_lists_and_calls() throws Exception {
    long start = System.nanoTime();
    try (WrapProcess wrap = wrap()) {
      JsonObject answer = wrap.initialize("\"first\"");
      System.out.printf("first answer: %d ms (class path, no cache)%n", millisSince(start));
      assertThat(Json.write(answer)).contains("\"protocolVersion\":\"2025-11-25\"");
      wrap.say("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
      assertThat(Json.write(wrap.answer("1"))).contains("\"agent_spawn\"");
      wrap.say(call("2", "memory_store", "{\"key\":\"k\",\"value\":\"é\"}"));
      assertThat(Json.write(wrap.answer("2"))).contains("\"receipt\"");
      wrap.say(call("3", "memory_retrieve", "{\"key\":\"k\"}"));
      assertThat(Json.write(wrap.answer("3"))).contains("é");
      System.out.println("memory of the shim: " + wrap.memory() + " (class path, no cache)");
      assertThat(wrap.finish()).isZero();
      assertThat(wrap.noMessages()).isEmpty();
    }
  }

  @Test
  void a_modern_client_discovers_and_calls_beside_a_legacy_one() throws Exception {
    try (WrapProcess wrap = wrap()) {
      wrap.say(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{"
              + MODERN_META
              + "}}");
      assertThat(Json.write(wrap.answer("1"))).contains("supportedVersions");
      wrap.say(
          "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/call\",\"params\":{\"name\":"
              + "\"memory_store\",\"arguments\":{\"key\":\"ключ\",\"value\":1},"
              + MODERN_META
              + "}}");
      assertThat(Json.write(wrap.answer("2"))).contains("\"resultType\":\"complete\"");
      wrap.initialize("3");
      wrap.say(call("4", "memory_list", "{}"));
      assertThat(Json.write(wrap.answer("4"))).contains("ключ");
      assertThat(wrap.finish()).isZero();
    }
  }

  @Test
  void what_is_no_message_is_answered_and_does_no_harm() throws Exception {
    var random = new Random(20_261_123);
    try (WrapProcess wrap = wrap()) {
      wrap.initialize("0");
      List<String> garbage =
          new ArrayList<>(
              List.of(
                  "nonsense",
                  "{",
                  "[]",
                  "42",
                  "{\"jsonrpc\":\"2.0\"}",
                  "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
                  "[".repeat(100_000),
                  "{\"a\":".repeat(5_000)));
      for (int i = 0; i < 20; i++) {
        byte[] noise = new byte[1 + random.nextInt(200)];
        random.nextBytes(noise);
        garbage.add(
            "x"
                + new String(noise, StandardCharsets.ISO_8859_1)
                    .replace('\n', 'n')
                    .replace('\r', 'r'));
      }
      for (String line : garbage) {
        wrap.say(line);
      }
      wrap.say("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}");
      wrap.answer("7");
      // One answer to initialize, one to each line of garbage, one to the ping.
      assertThat(wrap.lines()).hasSize(garbage.size() + 2);
      assertThat(
              wrap.lines().stream()
                  .filter(line -> Json.write(line).matches(".*\"code\":-32[67]00.*"))
                  .count())
          .isEqualTo(garbage.size());
    }
  }

  @Test
  void a_line_that_is_too_long_is_refused_under_its_own_id() throws Exception {
    try (WrapProcess wrap = wrap()) {
      wrap.initialize("0");
      wrap.say(
          "{\"method\":\"tools/call\",\"params\":{\"id\":5,\"x\":[\"\\\"id\\\":6,"
              + "x".repeat(30 << 20)
              + "\"]},\"jsonrpc\":\"2.0\",\"id\":\"huge\"}");
      assertThat(Json.write(wrap.answer("\"huge\""))).contains("longer than 4194304 bytes");
      wrap.say(
          call("1", "memory_store", "{\"key\":\"big\",\"value\":\"" + "y".repeat(900_000) + "\"}"));
      wrap.answer("1");
      wrap.say("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}");
      wrap.answer("7");
      System.out.println("memory of the shim after 30 MB in one line: " + wrap.memory());
    }
  }

  @Test
  void half_a_line_at_the_end_of_input_counts_when_it_is_a_message() throws Exception {
    try (WrapProcess wrap = wrap()) {
      wrap.initialize("0");
      wrap.sayRaw(
          "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}".getBytes(StandardCharsets.UTF_8));
      assertThat(wrap.finish()).isZero();
      wrap.answer("1");
    }
    try (WrapProcess wrap = wrap()) {
      wrap.initialize("0");
      wrap.sayRaw("{\"jsonrpc\":\"2.0\",\"id\":1,\"met".getBytes(StandardCharsets.UTF_8));
      assertThat(wrap.finish()).isZero();
      assertThat(Json.write(wrap.lines().getLast())).contains("-32700");
    }
  }

  @Test
  void lines_may_come_byte_by_byte_and_end_with_carriage_returns() throws Exception {
    try (WrapProcess wrap = wrap()) {
      wrap.initialize("0");
      for (byte b :
          "\r\n\n  \n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\r\n"
              .getBytes(StandardCharsets.UTF_8)) {
        wrap.sayRaw(new byte[] {b});
      }
      wrap.answer("1");
      assertThat(wrap.lines()).hasSize(2);
    }
  }

  @Test
  void two_shims_share_a_session_and_projects_do_not() throws Exception {
    try (WrapProcess one = wrap("--session", "shared");
        WrapProcess other = wrap("--session=shared");
        WrapProcess project = wrap()) {
      one.initialize("1");
      other.initialize("1");
      project.initialize("1");
      one.say(call("2", "memory_store", "{\"key\":\"of-one\",\"value\":\"seen\"}"));
      one.answer("2");
      other.say(call("3", "memory_retrieve", "{\"key\":\"of-one\"}"));
      assertThat(Json.write(other.answer("3"))).contains("\"found\":true");
      project.say(call("3", "memory_retrieve", "{\"key\":\"of-one\"}"));
      assertThat(Json.write(project.answer("3"))).doesNotContain("seen");
    }
  }

  @Test
  void a_signal_or_a_client_that_is_gone_ends_it_in_order() throws Exception {
    try (WrapProcess wrap = wrap()) {
      wrap.initialize("1");
      wrap.terminate();
      assertThat(wrap.awaitEnd()).isZero();
    }
    try (WrapProcess wrap = wrap()) {
      wrap.initialize("1");
      wrap.stopReading();
      wrap.say("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}");
      assertThat(wrap.awaitEnd()).isZero();
    }
  }

  @Test
  void many_calls_at_once_are_each_answered_once() throws Exception {
    try (WrapProcess wrap = wrap("--session", "many")) {
      wrap.initialize("\"i\"");
      int calls = 300;
      for (int i = 0; i < calls; i++) {
        wrap.say(call("" + i, "memory_store", "{\"key\":\"k" + i + "\",\"value\":" + i + "}"));
      }
      for (int i = 0; i < calls; i++) {
        assertThat(wrap.answer("" + i).has("result")).isTrue();
      }
      assertThat(wrap.finish()).isZero();
      assertThat(wrap.lines()).hasSize(calls + 1);
    }
  }

  @Test
  void a_daemon_file_that_others_can_read_is_not_trusted() throws Exception {
    Path other = Files.createDirectories(scratch.resolve("other"));
    Path file = other.resolve("daemon.json");
    Files.writeString(file, "{\"url\":\"http://127.0.0.1:1\",\"frontPid\":1,\"pid\":1}");
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    var quick = Map.of("PLANARIA_UNUSED", "");
    try (WrapProcess wrap =
        WrapProcess.start(MAIN, scratch, List.of("--data", other.toString()), quick)) {
      assertThat(wrap.awaitEnd()).isEqualTo(1);
      assertThat(wrap.errors()).contains("mode 0600").contains("not trusted");
      assertThat(wrap.lines()).isEmpty();
    }
  }

  @Test
  void words_that_cannot_be_understood_end_it_with_2() throws Exception {
    for (List<String> words :
        List.of(
            List.of("--nonsense", "x"),
            List.of("command", "without", "dashes"),
            List.of("--"),
            List.of("--server", "a__b", "--", "x"))) {
      try (WrapProcess wrap = WrapProcess.start(MAIN, scratch, words)) {
        assertThat(wrap.awaitEnd()).isEqualTo(2);
        assertThat(wrap.errors()).startsWith("planaria wrap: ");
        assertThat(wrap.lines()).isEmpty();
      }
    }
  }
}
