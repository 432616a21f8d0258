package dev.planaria.chaos.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each fault of a link, on a server that says again what it hears.
@Timeout(120)
class LinkInjectorTest {

  private static final int PATIENCE_MILLIS = 30_000;

  private ServerSocket server;
  private FaultyLink link;
  private LinkInjector injector;

  @BeforeEach
  void startServer() throws IOException {
    server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
    link = new FaultyLink(server.getLocalPort());
    injector = new LinkInjector(link, Target.CLIENT_LINK, new SplittableRandom(1));
  }

  @AfterEach
  void stopServer() throws IOException {
    link.close();
    server.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket peer = server.accept();
        Thread.ofVirtual().start(() -> echo(peer));
      }
    } catch (IOException closed) {
      // the test is over
    }
  }

  private static void echo(Socket peer) {
    try (peer) {
      peer.getInputStream().transferTo(peer.getOutputStream());
    } catch (IOException cut) {
      // that is what is tested
    }
  }

  private Socket connect() throws IOException {
    var client = new Socket(InetAddress.getLoopbackAddress(), link.port());
    client.setSoTimeout(PATIENCE_MILLIS);
    return client;
  }

  private static void say(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String hear(Socket client, int bytes) throws IOException {
    return new String(client.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }

  private static FaultSpec of(Fault fault) {
    return new FaultSpec(fault, Target.CLIENT_LINK, 0, 0);
  }

  static Stream<Fault> faults() {
    return Stream.of(
        new Fault.Drop(),
        new Fault.Reset(),
        new Fault.HalfOpen(),
        new Fault.Delay(20),
        new Fault.RateLimit(1_000),
        new Fault.Garbage(8));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void a_fault_hits_what_is_open_and_is_over_in_the_end(Fault fault) throws Exception {
    assertThat(injector.canDo(of(fault))).isTrue();
    try (Socket open = connect()) {
      say(open, "before");
      assertThat(hear(open, 6)).isEqualTo("before");
      LinkInjector.Ongoing ongoing = injector.begin(of(fault));
      boolean passes = fault instanceof Fault.Delay || fault instanceof Fault.RateLimit;
      if (passes) {
        say(open, "during");
        assertThat(hear(open, 6)).isEqualTo("during");
      } else if (fault instanceof Fault.Garbage) {
        say(open, "during");
        assertThat(new String(open.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
            .hasSizeGreaterThan(8)
            .doesNotContain("during");
      } else if (fault instanceof Fault.HalfOpen) {
        say(open, "during");
        open.setSoTimeout(100);
        assertThatThrownBy(() -> hear(open, 1)).isInstanceOf(SocketTimeoutException.class);
      }
      assertThat(ongoing.end()).isPositive();
    }
    try (Socket next = connect()) {
      say(next, "after");
      assertThat(hear(next, 5)).isEqualTo("after");
    }
  }

  @Test
  void what_is_dropped_was_asked_and_not_answered() throws Exception {
    try (Socket open = connect()) {
      say(open, "1");
      assertThat(hear(open, 1)).isEqualTo("1");
      LinkInjector.Ongoing ongoing = injector.begin(of(new Fault.Drop()));
      assertThat(open.getInputStream().read()).isEqualTo(-1);
      assertThat(ongoing.end()).isEqualTo(1);
    }
  }

  @Test
  void other_faults_and_other_targets_are_refused() {
    var killed = new FaultSpec(new Fault.Kill(), Target.CLIENT_LINK, 0, 0);
    var elsewhere = new FaultSpec(new Fault.Drop(), Target.UPSTREAM_LINK, 0, 0);
    for (FaultSpec spec : new FaultSpec[] {killed, elsewhere}) {
      assertThat(injector.canDo(spec)).isFalse();
      assertThatThrownBy(() -> injector.inject(spec)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
