package dev.planaria.app.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.upstreams.echo.EchoHttp;
import dev.planaria.app.gateway.upstreams.echo.EchoOptions;
import dev.planaria.chaos.link.FaultyLink;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallStatus;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.ConnectionStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/// A server over HTTP behind a link that may fail, both behind a worker, and a client that calls
/// it.
final class FaultyPlace {
  private static final String SESSION = "work";
  private static final long DEADLINE_SECONDS = 60;

  private final TestWorker worker;
  private final String name;
  private final Server server;
  private final List<MemoryExchange> exchanges = new ArrayList<>();
  private String client = "";

  /// A server behind a link; any number of places may share it.
  ///
  /// @param effects where it writes down what it has run
  record Server(EchoHttp echo, FaultyLink link, Path effects) implements AutoCloseable {
    static Server start(Path effects) throws IOException {
      var echo = EchoHttp.start(EchoOptions.of("--era", "legacy", "--effects", effects.toString()));
      return new Server(echo, new FaultyLink(echo.port()), effects);
    }

    @Override
    public void close() throws IOException {
      link.close();
      echo.close();
    }
  }

  /// @param name of the server in the session
  FaultyPlace(TestWorker worker, Server server, String name) {
    this.worker = worker;
    this.server = server;
    this.name = name;
  }

  FaultyLink link() {
    return server.link();
  }

  private String address() {
    return "/s/" + SESSION + "/u/" + name + "/mcp";
  }

  /// Brings the server to the session, and opens the client's link.
  ///
  /// @param planaria what the operator says of it
  void begin(String planaria) {
    String body =
        "{\"type\":\"http\",\"url\":\"http://127.0.0.1:%d/mcp\",\"planaria\":%s}"
            .formatted(link().port(), planaria);
    Reply brought = worker.send(Ask.post(body).to("/api/v1/upstreams/" + SESSION + "/" + name));
    assertThat(brought.at("path")).as(brought.toString()).isEqualTo(address());
    Reply begun =
        worker.send(
            Ask.post(
                    "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{"
                        + "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
                        + "\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}")
                .to(address()));
    client = String.valueOf(begun.headers().get("Mcp-Session-Id"));
    assertThat(begun.at("result/serverInfo/name")).as(begun.toString()).isEqualTo("echo");
  }

  private String operation(int number) {
    return name + "-" + number;
  }

  private Optional<Call> recorded(int number) {
    return worker.recorded(SESSION, operation(number));
  }

  /// Makes a call with an effect, and waits until it is written down.
  void call(int number) {
    String json =
        "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"effect\",\"_meta\":{\"dev.planaria/operationId\":\"%s\"},\"arguments\":{\"id\":\"%s\",\"delayMs\":0}}}"
            .formatted(number + 1, operation(number), operation(number));
    exchanges.add(worker.begin(Ask.post(json).over(client).to(address())));
    await("call " + number + " is written down", () -> recorded(number).isPresent());
  }

  /// Waits until a call has ended, or waits for the server.
  void awaitNotSent(int number) {
    await(
        "call " + number + " is not at the server",
        () -> {
          CallStatus now = recorded(number).orElseThrow().status();
          return !now.isOpen() || now == CallStatus.QUEUED;
        });
  }

  void awaitHits(int hits) {
    await(hits + " hits", () -> link().hits() >= hits);
  }

  void awaitStatus(ConnectionStatus wanted) {
    await(
        "the connection is " + wanted,
        () -> history().stream().skip(2).anyMatch(each -> each.status() == wanted));
  }

  void awaitConnected() {
    await(
        "the connection stands", () -> history().getLast().status() == ConnectionStatus.CONNECTED);
  }

  /// Waits until nothing of so many calls is open.
  void awaitEnded(int calls) {
    await(
        "all calls end",
        () ->
            IntStream.range(0, calls)
                .allMatch(number -> !recorded(number).orElseThrow().status().isOpen()));
  }

  private void await(String what, BooleanSupplier happened) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!happened.getAsBoolean()) {
      if (System.nanoTime() > end) {
        String last = exchanges.isEmpty() ? "" : exchanges.getLast().reply().toString();
        throw new AssertionError(
            name + ": it never came to this: " + what + "; " + last + history());
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  List<CallStatus> ends() {
    return IntStream.range(0, exchanges.size())
        .mapToObj(number -> recorded(number).orElseThrow().status())
        .toList();
  }

  /// The calls that the server has run, in its order.
  List<Integer> ran() throws IOException {
    return Files.exists(server.effects())
        ? Files.readAllLines(server.effects()).stream()
            .map(line -> line.substring(0, line.indexOf(' ')))
            .filter(operation -> operation.startsWith(name + "-"))
            .map(this::number)
            .toList()
        : List.of();
  }

  private int number(String operation) {
    return Integer.parseInt(operation.substring(name.length() + 1));
  }

  /// The calls that have waited for the server, in the order in which they came.
  List<Integer> queued() {
    return worker.queued(SESSION, name).stream().map(this::number).toList();
  }

  /// Every client got an answer, and it is the one that is written down.
  void requireAnswers() throws InterruptedException {
    for (int number = 0; number < exchanges.size(); number++) {
      Reply reply = exchanges.get(number).awaitEnd();
      String told = reply.at("result/content/0/text");
      boolean toldQueued = told.contains("is queued as operation");
      String expected =
          switch (recorded(number).orElseThrow().status()) {
            case COMPLETED -> toldQueued ? "is queued" : "done " + operation(number);
            default -> "outcome of this call is unknown";
          };
      assertThat(told).as(name + " " + number + ": " + reply).contains(expected);
    }
  }

  List<Connection> history() {
    return worker.history(SESSION, name);
  }
}
