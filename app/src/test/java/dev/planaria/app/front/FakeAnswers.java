package dev.planaria.app.front;

import dev.planaria.app.front.FakeWorker.Received;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/// What the fake worker answers:
///
/// - `/call?ms=N&die=PHASE`: works for N ms, records the result, answers JSON
/// - `/stream?ms=N&events=K&die=PHASE`: primer, K events, the recorded result, as events with ids
/// - `/listen`: a primer, then a comment every 50 ms, for ever
/// - `/poison`: crashes the worker, always; `/doom`: has it killed, always
/// - `/echo`: what it received, as text
/// - `/fast`: a constant
/// - `/big?bytes=N`, `/huge?bytes=N`, `/busy`, `/children`, `/odd/...`: see there
///
/// A request with `die` dies at its first sending only, by a real kill -9.
final class FakeAnswers {

  private static final String JSON_HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";

  private final Path data;
  private final Ledger ledger;
  private final AtomicInteger busy;

  /// @param busy how many calls are under way
  FakeAnswers(Path data, Ledger ledger, AtomicInteger busy) {
    this.data = data;
    this.ledger = ledger;
    this.busy = busy;
  }

  void answer(Received request, OutputStream out) throws IOException {
    switch (request.path()) {
      case "/call" -> call(request, out);
      case "/stream" -> stream(request, out);
      case "/listen" -> listen(request, out);
      case "/poison" -> Runtime.getRuntime().halt(134);
      case "/doom" -> killMyself();
      case "/fast" -> FakeWorker.write(out, JSON_HEAD + "13\r\n\r\n{\"fast\":true}");
      case "/huge" -> huge(request, out);
      case "/busy" -> FakeWorker.write(out, JSON_HEAD + "1\r\n\r\n" + busy.get() % 10);
      case "/big" -> big(request, out);
      case "/children" -> children(out);
      case "/odd/unframed" -> {
        FakeWorker.write(out, "HTTP/1.1 200 OK\r\n\r\nno length");
        out.close();
      }
      case "/odd/dropped" -> out.close();
      case "/odd/empty" ->
          FakeWorker.write(out, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
      default -> {
        var text = request.rawHead() + request.body();
        FakeWorker.write(
            out,
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-Kept: yes\r\nKeep-Alive: no\r\n"
                + "Content-Length: "
                + text.length()
                + "\r\n\r\n"
                + (request.method().equals("HEAD") ? "" : text));
      }
    }
  }

  /// Dies when this is the phase that the request names.
  private void dieAt(String phase, Received request) throws IOException {
    if (phase.equals(request.word("die")) && !request.isResend()) {
      ledger.note("died " + phase);
      killMyself();
    }
  }

  private static void killMyself() throws IOException {
    var me = Long.toString(ProcessHandle.current().pid());
    new ProcessBuilder("kill", "-9", me).start();
    FakeWorker.work(60_000);
  }

  /// Does the work of a request once, however often it is sent.
  private String work(Received request) throws IOException {
    var stamp = request.headers().getOrDefault("planaria-stamp", "none");
    var known = ledger.find(stamp);
    if (known != null) {
      return known;
    }
    dieAt("before-work", request);
    FakeWorker.work(request.number("ms", 0));
    var result = "{\"stamp\":\"" + stamp + "\",\"key\":\"" + request.word("key") + "\"}";
    ledger.record(stamp, result);
    dieAt("after-work", request);
    return result;
  }

  private void call(Received request, OutputStream out) throws IOException {
    var result = work(request);
    var head = JSON_HEAD + result.length() + "\r\n";
    FakeWorker.write(out, head.substring(0, 20));
    dieAt("in-head", request);
    FakeWorker.write(out, head.substring(20) + "\r\n" + result.substring(0, 5));
    dieAt("in-body", request);
    FakeWorker.write(out, result.substring(5));
    dieAt("after-answer", request);
  }

  private void stream(Received request, OutputStream out) throws IOException {
    dieAt("before-head", request);
    var last = request.headers().get("planaria-last-event-id");
    FakeWorker.write(
        out,
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    dieAt("after-head", request);
    // As the real worker does: a resumed stream is primed with the event the client had last.
    event(out, "id: " + (last == null ? "0" : last) + "\nretry: 3000\ndata: \n\n");
    dieAt("after-primer", request);
    var events = request.number("events", 3);
    for (var i = last == null ? 1 : Integer.parseInt(last) + 1; i <= events; i++) {
      var text = "id: " + i + "\ndata: {\"progress\":" + i + "}\n\n";
      event(out, text);
      if (i == 2) {
        dieAt("mid-stream", request);
        chunk(out, "id: 3\ndata: {\"prog");
        dieAt("mid-event", request);
        chunk(out, "ress\":3}\n\n");
        i++;
      }
    }
    var result = work(request);
    event(out, "id: " + (events + 1) + "\ndata: " + result + "\n\n");
    dieAt("after-result", request);
    FakeWorker.write(out, "0\r\n\r\n");
  }

  private void listen(Received request, OutputStream out) throws IOException {
    FakeWorker.write(
        out,
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    event(out, "id: L\ndata: \n\n");
    var pid = ProcessHandle.current().pid();
    while (true) {
      event(out, ": worker " + pid + "\n\n");
      FakeWorker.work(request.number("ms", 50));
    }
  }

  private void big(Received request, OutputStream out) throws IOException {
    var bytes = request.number("bytes", 1);
    FakeWorker.write(out, JSON_HEAD + bytes + "\r\n\r\n");
    var piece = new byte[16 << 10];
    Arrays.fill(piece, (byte) 'b');
    for (var left = bytes; left > 0; left -= piece.length) {
      out.write(piece, 0, Math.min(left, piece.length));
    }
    out.flush();
  }

  /// A stream with one large event between two small ones.
  private void huge(Received request, OutputStream out) throws IOException {
    FakeWorker.write(
        out,
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
    event(out, "id: 0\ndata: \n\n");
    chunk(out, "id: 1\ndata: " + "x".repeat(request.number("bytes", 1)));
    chunk(out, "\n\nid: 2\ndata: \n\n");
    FakeWorker.write(out, "0\r\n\r\n");
  }

  /// Starts a process that will outlive us, and says its id.
  private void children(OutputStream out) throws IOException {
    var child = new ProcessBuilder("sleep", "600").start();
    Files.writeString(data.resolve("child"), Long.toString(child.pid()));
    var text = Long.toString(child.pid());
    FakeWorker.write(out, JSON_HEAD + text.length() + "\r\n\r\n" + text);
  }

  private static void event(OutputStream out, String text) throws IOException {
    chunk(out, text);
  }

  private static void chunk(OutputStream out, String text) throws IOException {
    FakeWorker.write(out, Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
  }
}
