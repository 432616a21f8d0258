package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bodies that are no message, or almost one. Every refusal names the rule, changes nothing, and
/// the next request is served.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JsonRpcInputTest {
  private static final int PARSE = -32700;
  private static final int REQUEST = -32600;
  private static final int LIMIT = 4 << 20;

  private TestWorker worker;
  private String link;
  private String oldLink;

  @BeforeAll
  void start(@TempDir Path directory) {
    worker = TestWorker.on(directory);
    link = worker.link("2025-11-25");
    oldLink = worker.link("2025-03-26");
  }

  @AfterAll
  void stop() {
    worker.close();
  }

  /// A body, the status it gets, and the JSON-RPC error code, 0 for none.
  @SuppressWarnings("ArrayRecordComponent")
  record Row(String name, byte[] body, int status, int code) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Row row(String name, String body, int status, int code) {
    return new Row(name, body.getBytes(StandardCharsets.UTF_8), status, code);
  }

  Stream<Row> documents() {
    return Stream.of(
        row("nothing", "", 400, PARSE),
        row("one byte", "{", 400, PARSE),
        row("white space", "  \n ", 400, PARSE),
        row("just below the limit", ping(LIMIT - 1), 200, 0),
        row("just at the limit", ping(LIMIT), 200, 0),
        row("just above the limit", ping(LIMIT + 1), 413, REQUEST),
        row("a string of 100 MB", "\"" + "x".repeat(100 << 20) + "\"", 413, REQUEST),
        row("64 deep", "[".repeat(64) + "]".repeat(64), 400, REQUEST),
        row("65 deep", "[".repeat(65) + "]".repeat(65), 400, PARSE),
        row("100,000 deep", "[".repeat(100_000) + "]".repeat(100_000), 400, PARSE),
        row("a million keys", keys(1_000_000 / 4), 400, PARSE),
        row("keys that collide", colliding(), 200, 0),
        row("a number of 1e999999999", with("1e999999999"), 200, 0),
        row("minus zero", with("-0"), 200, 0),
        row("2^53+1", with("9007199254740993"), 200, 0),
        row("10,000 digits", with("1".repeat(10_000)), 400, PARSE),
        row("NaN", with("NaN"), 400, PARSE),
        row("Infinity", with("Infinity"), 400, PARSE),
        row("a hexadecimal number", with("0x10"), 400, PARSE),
        row("a leading zero", with("01"), 400, PARSE),
        row("a leading plus", with("+1"), 400, PARSE),
        row("a comment", with("1/*x*/"), 400, PARSE),
        row("single quotes", with("'x'"), 400, PARSE),
        row("a trailing comma", with("[1,]"), 400, PARSE),
        row("two ids", "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}", 400, PARSE),
        row(
            "two methods",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"method\":\"x\"}",
            400,
            PARSE),
        row("a key twice inside params", with("{\"a\":1,\"a\":2}"), 400, PARSE),
        row("a byte order mark", "\uFEFF" + ping(60), 400, PARSE),
        row("trailing garbage", ping(60) + "x", 400, PARSE),
        row("two documents", ping(60) + ping(60), 400, PARSE),
        row("an unescaped control character", with("\"a\u0000b\""), 400, PARSE),
        row("an escaped U+0000", with("\"a\\u0000b\""), 200, 0),
        row("U+2028", with("\"a\u2028b\""), 200, 0),
        row("an escaped lone surrogate", with("\"\\ud800\""), 400, PARSE),
        new Row("an overlong slash", bytes(0x22, 0xC0, 0xAF, 0x22), 400, PARSE),
        new Row("a surrogate in UTF-8", bytes(0x22, 0xED, 0xA0, 0x80, 0x22), 400, PARSE),
        new Row("a character cut short", bytes(0x22, 0xE2, 0x82, 0x22), 400, PARSE),
        new Row("beyond Unicode", bytes(0x22, 0xF5, 0x80, 0x80, 0x80, 0x22), 400, PARSE),
        new Row("UTF-16", ping(60).getBytes(StandardCharsets.UTF_16LE), 400, PARSE));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void a_body_is_one_strict_and_bounded_json_document(Row row) {
    expect(row, link);
  }

  Stream<Row> envelopes() {
    return Stream.of(
        row("a string", "\"ping\"", 400, REQUEST),
        row("null", "null", 400, REQUEST),
        row("an empty object", "{}", 400, REQUEST),
        row("no version", "{\"id\":1,\"method\":\"ping\"}", 400, REQUEST),
        row("version 1.0", "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", 400, REQUEST),
        row("version as a number", "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"ping\"}", 400, REQUEST),
        row("no method", "{\"jsonrpc\":\"2.0\",\"id\":1}", 400, REQUEST),
        row("a method of null", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":null}", 400, REQUEST),
        row("params as an array", call("1", "ping", "[]"), 400, REQUEST),
        row("params as null", call("1", "ping", "null"), 400, REQUEST),
        row("id null", call("null", "ping", "{}"), 400, REQUEST),
        row("id true", call("true", "ping", "{}"), 400, REQUEST),
        row("id a fraction", call("1.5", "ping", "{}"), 400, REQUEST),
        row("id with an exponent", call("1e3", "ping", "{}"), 400, REQUEST),
        row("id an object", call("{}", "ping", "{}"), 400, REQUEST),
        row("id an array", call("[1]", "ping", "{}"), 400, REQUEST),
        row("id of 10,000 digits", call("1".repeat(900), "ping", "{}"), 400, REQUEST),
        row(
            "id of a megabyte",
            call("\"" + "x".repeat(1 << 20) + "\"", "ping", "{}"),
            400,
            REQUEST),
        row("id an empty string", call("\"\"", "ping", "{}"), 200, 0),
        row("id negative", call("-7", "ping", "{}"), 200, 0),
        row("id beyond 53 bits", call("9007199254740993", "ping", "{}"), 200, 0),
        row(
            "a method and a result",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"result\":{}}",
            400,
            REQUEST),
        row(
            "a result and an error",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{}}",
            400,
            REQUEST),
        row("a response without id", "{\"jsonrpc\":\"2.0\",\"result\":{}}", 400, REQUEST),
        row("a response nobody awaits", "{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}", 202, 0),
        row(
            "an error nobody awaits",
            "{\"jsonrpc\":\"2.0\",\"id\":7,\"error\":{\"code\":1,\"message\":\"x\"}}",
            202,
            0),
        row("an unknown notification", note("notifications/nonsense", "{}"), 202, 0),
        row(
            "the cancellation of an unknown request",
            note("notifications/cancelled", "{\"requestId\":12345}"),
            202,
            0),
        row("a cancellation of nothing", note("notifications/cancelled", "{}"), 202, 0),
        row("an unknown method", call("1", "nonsense", "{}"), 200, -32601),
        row("a method of a megabyte", call("1", "x".repeat(1 << 20), "{}"), 200, -32601),
        row("a batch where there are none", "[" + call("1", "ping", "{}") + "]", 400, REQUEST));
  }

  @ParameterizedTest
  @MethodSource("envelopes")
  void a_message_is_json_rpc_as_mcp_narrows_it(Row row) {
    expect(row, link);
  }

  Stream<Row> batches() {
    String one = call("1", "ping", "{}");
    return Stream.of(
        row("empty", "[]", 400, REQUEST),
        row("of one", "[" + one + "]", 200, 0),
        row("of a hundred", batch(100), 200, 0),
        row("of 101", batch(101), 400, REQUEST),
        row("of 100,000", batch(100_000), 413, REQUEST),
        row("of notifications", "[" + note("notifications/initialized", "{}") + "]", 202, 0));
  }

  @ParameterizedTest
  @MethodSource("batches")
  void a_batch_is_bounded_and_only_for_the_revision_that_has_them(Row row) {
    expect(row, oldLink);
  }

  @Test
  void a_batch_answers_each_request_and_refuses_each_for_itself() {
    String body =
        "["
            + String.join(
                ",",
                call("1", "ping", "{}"),
                note("notifications/initialized", "{}"),
                call("2", "nonsense", "{}"),
                "7",
                call("3", "initialize", "{}"),
                call(
                    "4", "tools/call", "{\"name\":\"agent_spawn\",\"arguments\":{\"type\":\"x\"}}"))
            + "]";
    Reply reply = worker.send(Ask.post(body).over(oldLink));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.body())
        .startsWith("[{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}")
        .contains("\"id\":2,\"error\":{\"code\":-32601")
        .contains("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32600")
        .contains("\"id\":3,\"error\":{\"code\":-32600")
        .contains("\"id\":4,\"result\"")
        .contains("agent_id");
  }

  @Test
  void an_error_carries_the_id_if_there_is_one_and_none_otherwise() {
    assertThat(send(call("\"seven\"", "nonsense", "{}")).at("id")).isEqualTo("seven");
    assertThat(send(call("1", "ping", "[]")).at("id")).isEqualTo("1");
    assertThat(send("{").message().has("id")).isFalse();
    assertThat(send(call("{}", "ping", "{}")).message().has("id")).isFalse();
  }

  @Test
  void names_with_bidi_and_tag_characters_are_refused_without_repeating_them() {
    String hidden = "\u202Eagent\uDB40\uDC41";
    Reply reply = worker.call(link, 900, "agent_list", "{\"" + hidden + "\":1}");
    assertThat(reply.at("result/isError")).isEqualTo("true");
    assertThat(reply.at("result/structuredContent/error/code")).isEqualTo("INVALID_ARGUMENT");
    assertThat(reply.at("result/structuredContent/error/message"))
        .contains("`?agent?`")
        .doesNotContain("\u202E");
    assertThat(worker.isServing()).isTrue();
  }

  private Reply send(String body) {
    return worker.send(Ask.post(body).over(link));
  }

  private void expect(Row row, String over) {
    long journalled = worker.journalled();
    Reply reply = worker.send(Ask.post(row.body()).over(over));
    assertThat(reply.status()).as(row.name()).isEqualTo(row.status());
    if (row.code() != 0) {
      assertThat(reply.at("error/code")).as(row.name()).isEqualTo(String.valueOf(row.code()));
      assertThat(reply.body()).as("an error repeats no megabyte").hasSizeLessThan(1_000);
    }
    assertThat(worker.journalled()).as("nothing was changed").isEqualTo(journalled);
    assertThat(worker.isServing()).as("the next request is served").isTrue();
  }

  private static String call(String id, String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"id\":"
        + id
        + ",\"method\":\""
        + method
        + "\",\"params\":"
        + params
        + "}";
  }

  private static String note(String method, String params) {
    return "{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + "}";
  }

  private static String with(String value) {
    return call("1", "ping", "{\"x\":" + value + "}");
  }

  /// A ping of exactly so many bytes.
  private static String ping(int length) {
    String head = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"";
    return head + " ".repeat(length - head.length() - 1) + "}";
  }

  private static String keys(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"k" + i + "\":1")
        .collect(Collectors.joining(",", "{", "}"));
  }

  /// Names whose hash codes are all the same.
  private static String colliding() {
    Stream<String> names = Stream.of("Aa", "BB");
    for (int i = 0; i < 11; i++) {
      names = names.flatMap(name -> Stream.of(name + "Aa", name + "BB"));
    }
    return names
        .map(name -> "\"" + name + "\":1")
        .collect(
            Collectors.joining(",", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",", "}"));
  }

  private static String batch(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> call(String.valueOf(i), "ping", "{}"))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static byte[] bytes(int... values) {
    var out = new ByteArrayOutputStream();
    for (int value : values) {
      out.write(value);
    }
    return out.toByteArray();
  }
}
