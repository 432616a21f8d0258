package dev.planaria.app.gateway.upstreams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever a child writes, it is read in bounded memory, and the next request is served.
class StdioBadInputTest {
  private static final String INTRODUCTION =
      "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2025-11-25\"}}\n";

  @TempDir Path scratch;

  private final Stdio stdio = new Stdio();

  @AfterEach
  void nothing_is_left() throws Exception {
    stdio.assertNothingIsLeft();
  }

  private static String answer(int id, String text) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"result\":{\"content\":[{\"type\":\"text\",\"text\":\""
        + text
        + "\"}]}}\n";
  }

  /// A child that takes the handshake, and writes what stands in a file after the first request (id
  /// 2); the second one (id 3) it answers with "next".
  private UpstreamSession afterOneRequest(byte[] written) throws Exception {
    Path file = scratch.resolve("written");
    Files.write(file, written);
    Path next = scratch.resolve("next");
    Files.writeString(next, answer(3, "next"));
    return child(
        "read c; cat '" + file + "'; read d; cat '" + next + "'; while read x; do :; done");
  }

  private UpstreamSession child(String script) throws Exception {
    Path introduction = scratch.resolve("introduction");
    Files.writeString(introduction, INTRODUCTION);
    var command =
        new StdioCommand(
            List.of("/bin/sh", "-c", "read a; cat '" + introduction + "'; read b; " + script),
            Map.of(),
            null);
    return stdio.upstream(command).connect(Talk.CLIENT, stdio.heard);
  }

  private static byte[] bytes(Object... parts) throws IOException {
    var out = new ByteArrayOutputStream();
    for (Object part : parts) {
      out.writeBytes(part instanceof byte[] raw ? raw : String.valueOf(part).getBytes(UTF_8));
    }
    return out.toByteArray();
  }

  @Test
  void what_is_no_message_is_counted_and_the_answer_behind_it_is_read() throws Exception {
    byte[] written =
        bytes(
            "plain text\n",
            "\uFEFF{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}\n",
            new byte[] {(byte) 0xC0, (byte) 0xAF, '\n'},
            new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80},
            "\"}\n",
            new byte[] {0, 1, 2, '\n'},
            "\u001B[31mred\u001B[0m\n",
            "[".repeat(100_000) + "\n",
            "{\"a\":".repeat(5_000) + "\n",
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"id\":2,\"result\":{}}\n",
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}} {}\n",
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"n\":" + "9".repeat(10_000) + "}}\n",
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"n\":NaN}}\n",
            "{\"jsonrpc\":\"2.0\",\"id\":true,\"result\":{}}\n",
            "{\"jsonrpc\":\"2.0\",\"id\":{},\"result\":{}}\n",
            "{\"jsonrpc\":\"2.0\",\"method\":7}\n",
            "[7,\"x\",{}]\n",
            answer(2, "good"));
    try (var session = afterOneRequest(written)) {
      assertThat(Talk.say(session, "get", "{}")).isEqualTo("good");
      Oddities oddities = session.oddities();
      assertThat(oddities.noise()).isEqualTo(18);
      assertThat(oddities.unknownAnswers()).isZero();
      assertThat(Talk.say(session, "get", "{}")).isEqualTo("next");
    }
  }

  @Test
  void an_answer_to_nobody_or_once_more_is_counted_and_changes_nothing() throws Exception {
    byte[] written =
        bytes(
            answer(99, "made up"),
            answer(1, "once more"),
            "{\"jsonrpc\":\"2.0\",\"id\":-2,\"result\":{}}\n",
            "{\"jsonrpc\":\"2.0\",\"id\":2.5,\"result\":{}}\n",
            "{\"jsonrpc\":\"2.0\",\"id\":\"2\",\"result\":{}}\n",
            "{\"jsonrpc\":\"2.0\",\"id\":1e400,\"result\":{}}\n",
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,\"message\":\"m\"}}\n",
            answer(2, "first"),
            answer(2, "second"));
    try (var session = afterOneRequest(written)) {
      assertThat(Talk.say(session, "get", "{}")).isEqualTo("first");
      assertThat(Talk.say(session, "get", "{}")).isEqualTo("next");
      Oddities oddities = session.oddities();
      assertThat(oddities.noise() + oddities.unknownAnswers()).isEqualTo(7);
      assertThat(oddities.errorsWithoutId()).isEqualTo(1);
    }
  }

  @Test
  void an_answer_that_breaks_the_rules_fails_its_request_alone() throws Exception {
    for (String bad :
        List.of(
            "\"result\":{},\"error\":{\"code\":1,\"message\":\"both\"}",
            "\"result\":7",
            "\"error\":\"oops\"",
            "\"nothing\":1")) {
      byte[] written = bytes("{\"jsonrpc\":\"2.0\",\"id\":2," + bad + "}\n");
      try (var session = afterOneRequest(written)) {
        var failure =
            catchThrowableOfType(UpstreamBroken.class, () -> Talk.say(session, "add", "{}"));
        assertThat(failure.trouble()).as(bad).isInstanceOf(Trouble.NotMcp.class);
        assertThat(failure.sent()).isEqualTo(Sent.MAYBE_SENT);
        assertThat(Talk.say(session, "get", "{}")).isEqualTo("next");
      }
    }
  }

  @Test
  void an_answer_on_several_lines_is_noise_and_the_next_one_is_read() throws Exception {
    Path pretty = scratch.resolve("pretty");
    Files.writeString(pretty, "{\n\"jsonrpc\": \"2.0\",\n\"id\": 2,\n\"result\": {}\n}\n");
    Path good = scratch.resolve("good");
    Files.writeString(good, answer(3, "good"));
    // The request, its cancellation, and the next request.
    try (var session =
        child(
            "read c; cat '"
                + pretty
                + "'; read d; read e; cat '"
                + good
                + "'; while read x; do :;"
                + " done")) {
      assertThat(
              catchThrowableOfType(
                  UpstreamTimeout.class, () -> Talk.said(session, Talk.call("get", "{}", 300))))
          .isNotNull();
      assertThat(Talk.say(session, "get", "{}")).isEqualTo("good");
      assertThat(session.oddities()).isEqualTo(new Oddities(5, 0, 0));
    }
  }

  @Test
  void a_line_of_any_length_costs_no_more_than_its_bound() throws Exception {
    long bytes = Long.getLong("planaria.flood", 100_000_000);
    Path good = scratch.resolve("good");
    Files.writeString(good, "\n" + answer(2, "good"));
    try (var session =
        child(
            "read c; head -c "
                + bytes
                + " /dev/zero | tr '\\0' x; cat '"
                + good
                + "'; while read"
                + " x; do :; done")) {
      assertThat(Talk.say(session, "get", "{}")).isEqualTo("good");
      assertThat(session.oddities()).isEqualTo(new Oddities(1, 0, 0));
    }
  }

  @Test
  void a_child_that_asks_more_than_it_reads_is_ended_and_fills_no_log() throws Exception {
    stdio.settings = new StdioSettings(Stdio.MESSAGE, 20_000, 1_000, 64 << 10, 300, 300, 200, 300);
    try (var session =
        child(
            "read c; yes '{\"jsonrpc\":\"2.0\",\"id\":9,\"method\":\"ping\"}' | head -n 100000;"
                + " exec sleep 983")) {
      var failure =
          catchThrowableOfType(UpstreamBroken.class, () -> Talk.say(session, "get", "{}"));
      assertThat(failure.trouble()).isInstanceOf(Trouble.InputBlocked.class);
      assertThat(Heard.next(stdio.heard.ends)).isInstanceOf(Trouble.InputBlocked.class);
    }
    assertThat(stdio.log.lines).hasSizeLessThan(20);
  }

  @Test
  void arguments_reach_the_child_as_they_are_and_no_shell_reads_them() throws Exception {
    Path out = scratch.resolve("arguments");
    List<String> nasty =
        List.of(
            "; touch hacked",
            "$(touch hacked)",
            "`touch hacked`",
            "a b\n'c' \"d\"",
            "&& x",
            "*",
            "");
    var argv =
        new java.util.ArrayList<>(
            List.of("/bin/sh", "-c", "printf '%s\\0' \"$@\" > '" + out + "'; exit 3", "sh"));
    argv.addAll(nasty);
    var failure =
        catchThrowableOfType(
            ConnectFailed.class,
            () ->
                stdio
                    .upstream(new StdioCommand(argv, Map.of(), scratch))
                    .connect(Talk.CLIENT, stdio.heard));
    assertThat(failure.trouble()).isEqualTo(new Trouble.Exited(3));
    assertThat(new String(Files.readAllBytes(out), ISO_8859_1))
        .isEqualTo(String.join("\0", nasty) + "\0");
    assertThat(scratch.resolve("hacked")).doesNotExist();
  }
}
