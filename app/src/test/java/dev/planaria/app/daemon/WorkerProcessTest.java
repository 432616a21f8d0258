package dev.planaria.app.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.storage.sqlite.SqliteStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real worker processes, started, told to end, left alone and killed as a front would.
@Timeout(120)
class WorkerProcessTest {
  private static final String TOKEN = "token-of-the-process-test";
  private static final String CRASH =
      "{\"type\":\"PROCESS_CRASH\",\"detectedAtMillis\":1800000000000,"
          + "\"lastHeartbeatMillis\":1799999999000,\"lastKnownState\":\"serving\","
          + "\"severity\":\"LOW\"}";

  @TempDir private Path directory;
  private final List<Process> started = new ArrayList<>();
  private int generation;

  @BeforeEach
  void giveToken() throws IOException {
    Files.writeString(directory.resolve("operator.token"), TOKEN);
  }

  @AfterEach
  void endAll() {
    started.forEach(process -> process.toHandle().destroyForcibly());
  }

  private Path socket() {
    return directory.resolve("s" + generation);
  }

  private Process start(String... more) throws IOException {
    generation++;
    var line =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName(),
                "--data",
                directory.toString(),
                "--socket",
                socket().toString()));
    line.addAll(List.of(more));
    Process process =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    started.add(process);
    return process;
  }

  private static String awaitLine(BufferedReader out, String event) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.contains("\"event\":\"" + event + "\"")) {
        return line;
      }
    }
    return "(the process ended)";
  }

  private String post(String link, String body) throws IOException {
    String over = link.isEmpty() ? "" : "\r\nMcp-Session-Id: " + link;
    return SocketClient.ask(
        socket(), "POST /mcp HTTP/1.1\r\nAuthorization: Bearer " + TOKEN + over, body);
  }

  private String link() throws IOException {
    String answer =
        post(
            "",
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
                + "\"protocolVersion\":\"2025-11-25\"}}");
    Matcher id = Pattern.compile("Mcp-Session-Id: (\\S+)").matcher(answer);
    assertThat(id.find()).as(answer).isTrue();
    return id.group(1);
  }

  private String spawn(String link, int id) throws IOException {
    return post(
        link,
        "{\"jsonrpc\":\"2.0\",\"id\":"
            + id
            + ",\"method\":\"tools/call\",\"params\":{\"name\":\"agent_spawn\",\"arguments\":{"
            + "\"type\":\"coder\"}}}");
  }

  private String get(String link, String lastEventId) throws IOException {
    String last = lastEventId.isEmpty() ? "" : "\r\nLast-Event-ID: " + lastEventId;
    try (var client = new SocketClient(socket())) {
      client.write(
          SocketClient.request(
              "GET /mcp HTTP/1.1\r\nAuthorization: Bearer "
                  + TOKEN
                  + "\r\nMcp-Session-Id: "
                  + link
                  + last,
              ""));
      return client.readUntil(lastEventId.isEmpty() ? ": keep-alive" : "\"result\"");
    }
  }

  @Test
  void a_worker_that_may_not_open_its_store_says_why_and_ends() throws Exception {
    try (var holder = SqliteStore.open(directory)) {
      assertThat(holder.marks().epoch()).isEqualTo(1);
      Process process = start();
      assertThat(awaitLine(process.inputReader(StandardCharsets.UTF_8), "refused"))
          .contains(directory.toString())
          .contains("another process");
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(1);
    }
  }

  @Test
  void a_worker_says_when_it_is_ready_beats_and_ends_cleanly_when_told() throws Exception {
    Process process = start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    assertThat(awaitLine(out, "ready")).isEqualTo("{\"event\":\"ready\"}");
    spawn(link(), 1);
    assertThat(awaitLine(out, "heartbeat")).contains("\"state\":\"serving");
    process.outputWriter().write("drain\n");
    process.outputWriter().flush();
    assertThat(awaitLine(out, "clean")).contains("clean");
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(Files.readString(directory.resolve("logs/worker.log")))
        .contains("serves")
        .contains("the front said so")
        .doesNotContain(TOKEN);
  }

  @Test
  void a_worker_whose_front_is_gone_ends_cleanly_by_itself() throws Exception {
    Process process = start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    awaitLine(out, "ready");
    process.outputWriter().close();
    assertThat(awaitLine(out, "clean")).contains("clean");
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void a_terminal_s_interrupt_ends_a_worker_cleanly_too() throws Exception {
    Process process = start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    awaitLine(out, "ready");
    spawn(link(), 1);
    assertThat(process.toHandle().destroy()).as("SIGTERM").isTrue();
    assertThat(awaitLine(out, "clean")).contains("clean");
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void after_a_kill_the_next_worker_knows_the_link_the_call_and_what_happened() throws Exception {
    Process first = start();
    awaitLine(first.inputReader(StandardCharsets.UTF_8), "ready");
    String link = link();
    String answer = spawn(link, 1);
    Matcher primer = Pattern.compile("id: (\\S+-0)\n").matcher(answer);
    assertThat(primer.find()).as(answer).isTrue();
    first.toHandle().destroyForcibly();
    first.waitFor();

    Process second = start("--crash", CRASH);
    awaitLine(second.inputReader(StandardCharsets.UTF_8), "ready");
    assertThat(get(link, primer.group(1)))
        .as("the stored answer")
        .contains("id: " + primer.group(1))
        .contains("\"agent_id\":\"agent-2\"");
    assertThat(spawn(link, 1)).as("the same request again").contains("\"agent_id\":\"agent-2\"");
    assertThat(spawn(link, 2))
        .as("a new one, which is told once of the recovery")
        .contains("\"agent_id\":\"agent-")
        .contains("dev.planaria/recovered")
        .contains("PROCESS_CRASH");
    assertThat(spawn(link, 3)).doesNotContain("dev.planaria/recovered");
    assertThat(get(link, ""))
        .as("a listening client")
        .contains("notifications/message")
        .contains("1 session was recovered"); // the daemon's own is not counted
  }

  @Test
  void only_one_worker_holds_a_directory() throws Exception {
    Process first = start();
    awaitLine(first.inputReader(StandardCharsets.UTF_8), "ready");
    Process second = start();
    assertThat(second.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(second.exitValue()).isNotZero();
    generation = 1;
    assertThat(spawn(link(), 1)).contains("agent-2");
  }

  @Test
  void bad_options_are_refused_in_a_sentence() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                WorkerMain.class.getName(),
                "--data")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(said).contains("--data needs a value");
  }
}
