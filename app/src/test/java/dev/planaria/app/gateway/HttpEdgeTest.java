package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Who may come in at all, and in which form. Every refusal changes nothing, and the next request
/// is served.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpEdgeTest {
  private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}";

  private TestWorker worker;
  private String link;

  @BeforeAll
  void start(@TempDir Path directory) {
    worker = TestWorker.on(directory);
    link = worker.link("2025-11-25");
  }

  @AfterAll
  void stop() {
    worker.close();
  }

  /// A request and the status it must get.
  record Row(String name, Ask ask, int status) {
    @Override
    public String toString() {
      return name;
    }
  }

  private Ask ping() {
    return Ask.post(PING).over(link);
  }

  Stream<Row> origins() {
    return Stream.of(
        new Row("no origin", ping(), 200),
        new Row("our own", ping().with("Origin", "http://localhost:7526"), 200),
        new Row("our own by address", ping().with("Origin", "http://127.0.0.1:7526"), 200),
        new Row("our own by IPv6", ping().with("Origin", "http://[::1]:7526"), 200),
        new Row("null", ping().with("Origin", "null"), 403),
        new Row("foreign", ping().with("Origin", "http://evil.example"), 403),
        new Row("a name that begins well", ping().with("Origin", "http://localhost.evil.com"), 403),
        new Row("a trailing dot", ping().with("Origin", "http://localhost.:7526"), 403),
        new Row("another IPv6", ping().with("Origin", "http://[::2]:7526"), 403),
        new Row("another port", ping().with("Origin", "http://localhost:5173"), 403),
        new Row("no port", ping().with("Origin", "http://localhost"), 403),
        new Row("another scheme", ping().with("Origin", "https://localhost:7526"), 403),
        new Row("user info", ping().with("Origin", "http://localhost@evil.com:7526"), 403),
        new Row("a path", ping().with("Origin", "http://localhost:7526/"), 403),
        new Row("empty", ping().with("Origin", ""), 403),
        new Row(
            "two origins",
            ping().with("Origin", "http://localhost:7526").with("Origin", "http://evil.example"),
            400));
  }

  @ParameterizedTest
  @MethodSource("origins")
  void only_our_own_origin_is_served(Row row) {
    expect(row);
  }

  Stream<Row> hosts() {
    return Stream.of(
        new Row("127.0.0.1", ping().instead("Host", "127.0.0.1:7526"), 200),
        new Row("upper case", ping().instead("Host", "LOCALHOST:7526"), 200),
        new Row("[::1]", ping().instead("Host", "[::1]:7526"), 200),
        new Row("no port", ping().instead("Host", "localhost"), 200),
        new Row("an allowed name", ping().instead("Host", "planaria.example:7526"), 200),
        new Row("none", ping().without("Host"), 400),
        new Row("a rebound name", ping().instead("Host", "evil.example:7526"), 403),
        new Row("a name that begins well", ping().instead("Host", "localhost.evil.com"), 403),
        new Row("a trailing dot", ping().instead("Host", "localhost.:7526"), 403),
        new Row("all addresses", ping().instead("Host", "0.0.0.0:7526"), 403),
        new Row("another notation of loopback", ping().instead("Host", "2130706433"), 403),
        new Row("user info", ping().instead("Host", "localhost@evil.com"), 403),
        new Row("two hosts", ping().with("Host", "evil.example"), 400),
        new Row(
            "claims of a proxy count for nothing",
            ping()
                .instead("Host", "evil.example")
                .with("X-Forwarded-Host", "localhost:7526")
                .with("Forwarded", "host=localhost"),
            403));
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void only_our_own_host_names_are_served(Row row) {
    expect(row);
  }

  Stream<Row> credentials() {
    String good = TestWorker.OPERATOR_TOKEN;
    return Stream.of(
        new Row("lower case scheme", ping().instead("Authorization", "bearer " + good), 200),
        new Row("none", ping().without("Authorization"), 401),
        new Row("empty", ping().instead("Authorization", ""), 401),
        new Row("no scheme", ping().instead("Authorization", good), 401),
        new Row("another scheme", ping().instead("Authorization", "Basic " + good), 401),
        new Row("a wrong token", ping().instead("Authorization", "Bearer x" + good), 401),
        new Row(
            "a prefix of the token",
            ping().instead("Authorization", "Bearer " + good.substring(1)),
            401),
        new Row("two tokens", ping().instead("Authorization", "Bearer " + good + " x"), 401),
        new Row("two headers", ping().with("Authorization", "Bearer " + good), 400),
        new Row("a token of a megabyte", huge(), 401),
        new Row(
            "nowhere, without a token", Ask.of("GET", "/nowhere").without("Authorization"), 401),
        new Row("alive, without a token", Ask.of("GET", "/livez").without("Authorization"), 200),
        new Row("ready, without a token", Ask.of("GET", "/readyz").without("Authorization"), 200));
  }

  private Ask huge() {
    return ping().instead("Authorization", "Bearer " + "x".repeat(1 << 20));
  }

  @ParameterizedTest
  @MethodSource("credentials")
  void a_good_token_is_needed_for_everything_but_the_probes(Row row) {
    expect(row);
  }

  Stream<Row> forms() {
    return Stream.of(
        new Row(
            "a charset", ping().instead("Content-Type", "application/json; charset=UTF-8"), 200),
        new Row("any answer", ping().instead("Accept", "*/*"), 200),
        new Row("no wish for an answer", ping().without("Accept"), 200),
        new Row("no content type", ping().without("Content-Type"), 415),
        new Row("text", ping().instead("Content-Type", "text/plain"), 415),
        new Row(
            "a form, as a web page can send one",
            ping().instead("Content-Type", "application/x-www-form-urlencoded"),
            415),
        new Row(
            "another charset",
            ping().instead("Content-Type", "application/json; charset=iso-8859-1"),
            415),
        new Row("compressed", ping().with("Content-Encoding", "gzip"), 415),
        new Row("JSON alone", ping().instead("Accept", "application/json"), 406),
        new Row("events alone", ping().instead("Accept", "text/event-stream"), 406),
        new Row("HTML", ping().instead("Accept", "text/html"), 406),
        new Row("HEAD", Ask.of("HEAD", "/mcp").over(link), 405),
        new Row("OPTIONS", Ask.of("OPTIONS", "/mcp").over(link), 405),
        new Row("TRACE", Ask.of("TRACE", "/mcp").over(link), 405),
        new Row("PUT", Ask.of("PUT", "/mcp").over(link), 405),
        new Row("POST to a probe", Ask.of("POST", "/livez"), 405),
        new Row("GET without events", Ask.of("GET", "/mcp").over(link).with("Accept", "a/b"), 406),
        new Row("nowhere", Ask.of("GET", "/nowhere"), 404),
        new Row("below", Ask.of("GET", "/mcp/"), 404),
        new Row("a traversal", Ask.of("GET", "/s/../mcp"), 404));
  }

  @ParameterizedTest
  @MethodSource("forms")
  void only_what_the_protocol_allows_is_accepted(Row row) {
    expect(row);
  }

  private void expect(Row row) {
    long journalled = worker.journalled();
    Reply reply = worker.send(row.ask());
    assertThat(reply.status()).as(row.name()).isEqualTo(row.status());
    assertThat(reply.headers().keySet())
        .as("no page of anybody else may read an answer")
        .noneMatch(name -> name.startsWith("Access-Control"));
    assertThat(worker.journalled()).as("nothing was changed").isEqualTo(journalled);
    assertThat(worker.isServing()).as("the next request is served").isTrue();
  }

  @Test
  void a_refusal_says_what_to_do() {
    assertThat(worker.send(ping().without("Authorization")).headers())
        .containsEntry("WWW-Authenticate", "Bearer realm=\"planaria\"");
    assertThat(worker.send(Ask.of("PUT", "/mcp")).headers()).containsKey("Allow");
    assertThat(worker.send(ping().without("Content-Type")).at("error/message"))
        .contains("Content-Type")
        .contains("application/json");
  }

  @Test
  void a_client_token_works_as_soon_as_it_is_listed_and_until_it_is_not() throws Exception {
    Ask asClient = Ask.modernCall("session_list", "{}").instead("Authorization", "Bearer alice-1");
    assertThat(worker.send(asClient).status()).isEqualTo(401);
    worker.clientTokens("# clients\nalice " + sha256("alice-1") + "\nnonsense\n");
    assertThat(worker.send(asClient).status()).isEqualTo(200);
    assertThat(worker.warnings()).anyMatch(line -> line.contains("client.tokens"));
    worker.clientTokens("bob " + sha256("bob-1") + "\n");
    assertThat(worker.send(asClient).status()).isEqualTo(401);
    assertThat(worker.isServing()).isTrue();
  }

  @Test
  void nobody_becomes_the_operator_by_being_called_so() throws Exception {
    worker.clientTokens("operator " + sha256("fake") + "\n");
    assertThat(worker.send(Ask.of("GET", "/api/v1/status").instead("Authorization", "Bearer fake")))
        .extracting(Reply::status)
        .isEqualTo(401);
  }

  @Test
  void a_client_token_may_call_tools_and_not_administer() throws Exception {
    worker.clientTokens("carol " + sha256("carol-1") + "\n");
    Ask status = Ask.of("GET", "/api/v1/status");
    assertThat(worker.send(status.instead("Authorization", "Bearer carol-1")).status())
        .isEqualTo(403);
    assertThat(worker.send(status).status()).isEqualTo(200);
  }

  private static String sha256(String text) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
