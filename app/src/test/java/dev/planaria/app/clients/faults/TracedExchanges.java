package dev.planaria.app.clients.faults;

import dev.planaria.app.gateway.wire.EventStream;
import dev.planaria.app.gateway.wire.Exchange;
import dev.planaria.app.gateway.wire.HttpAnswer;
import dev.planaria.app.gateway.wire.RequestHead;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/// Runs inside the worker, between its server and its gateway: writes down which points each call
/// passes, and holds one call at a point when the harness asks for it, so that a kill can be aimed.
/// Thread-safe.
///
/// The harness asks by a file `hold` that names a point; the worker takes it away, writes `held`
/// with the call's name, and lets that call go no further. What happens then is the harness's.
public final class TracedExchanges {

  static final String FILE = "trace";
  static final String HOLD = "hold";

  /// Appears when a call is held.
  static final String HELD = "held";

  private static final String CALL_HEADER = "x-ledger-call";

  private final Path aim;
  private final FileOutputStream trace;
  private final long pid = ProcessHandle.current().pid();

  /// Opens the trace; what is there already stays.
  ///
  /// @param aim where harness and worker meet
  public TracedExchanges(Path aim) throws IOException {
    this.aim = aim;
    this.trace = new FileOutputStream(aim.resolve(FILE).toFile(), true);
  }

  /// The exchange, watched, if it carries a call of the workload.
  public Exchange watch(Exchange exchange) {
    String call = exchange.head().headers().single(CALL_HEADER);
    if (call == null) {
      return exchange;
    }
    pass(call, Point.HEADERS);
    return new Watched(exchange, call);
  }

  private void pass(String call, Point point) {
    try {
      trace.write(
          (pid + " " + call + " " + point.word() + "\n").getBytes(StandardCharsets.US_ASCII));
      holdIfAsked(call, point);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void holdIfAsked(String call, Point point) throws IOException {
    Path hold = aim.resolve(HOLD + "-" + point.word());
    if (!Files.deleteIfExists(hold)) {
      return;
    }
    Files.writeString(aim.resolve(HELD + ".new"), call);
    Files.move(aim.resolve(HELD + ".new"), aim.resolve(HELD));
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Watched implements Exchange {
    private final Exchange exchange;
    private final String call;

    Watched(Exchange exchange, String call) {
      this.exchange = exchange;
      this.call = call;
    }

    @Override
    public RequestHead head() {
      return exchange.head();
    }

    @Override
    public byte[] readBody(int limitBytes) throws IOException {
      return exchange.readBody(limitBytes);
    }

    @Override
    public void send(HttpAnswer answer) throws IOException {
      pass(call, Point.ANSWER_DUE);
      exchange.send(answer);
      pass(call, Point.ANSWERED);
    }

    @Override
    public EventStream openStream(byte[] first) throws IOException {
      pass(call, Point.PRIMER_DUE);
      EventStream stream = exchange.openStream(first);
      pass(call, Point.PRIMED);
      return new EventStream() {
        @Override
        public void write(byte[] events) throws IOException {
          pass(call, Point.ANSWER_DUE);
          stream.write(events);
          pass(call, Point.ANSWERED);
        }

        @Override
        public void close() throws IOException {
          stream.close();
        }
      };
    }
  }
}
