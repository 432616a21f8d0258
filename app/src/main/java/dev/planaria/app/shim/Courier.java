package dev.planaria.app.shim;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Sends the client's lines to the daemon, one after the other in their order. Notifications and
/// responses are on their way only when the daemon has taken them, so that no request overtakes
/// them; requests are answered by a [Conversation] each. One thread.
final class Courier {

  private static final String BOTH = "Accept: application/json, text/event-stream";

  private final Bridge bridge;
  private final KeptLines lines;
  private final Attachment attachment;
  private final ShimSettings.Patience patience;
  private String lastTrouble = "";
  private int failures;

  Courier(Bridge bridge) {
    this.bridge = bridge;
    this.lines = bridge.lines();
    this.attachment = bridge.attachment();
    this.patience = bridge.settings().patience();
  }

  /// Until the end.
  void run() {
    try {
      while (!lines.isEnded()) {
        runOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Sends the next line, or looks after the daemon when there is none.
  void runOnce() throws InterruptedException {
    try {
      if (!lines.awaitSendable(patience.pollMillis())) {
        attachment.renew();
        return;
      }
      var before = attachment.last();
      var route = attachment.require();
      if (before != null && !before.daemon().front().equals(route.daemon().front())) {
        bridge.note("attached to another daemon; sending again what is unanswered");
        lines.returnFromOthers(route.daemon(), patience.connectMillis());
      }
      sendNext(route);
      failures = 0;
      lastTrouble = "";
    } catch (Attachment.Unreachable e) {
      unreachable(String.valueOf(e.getMessage()));
    } catch (Attachment.Refused e) {
      var sentence = "the daemon refuses this server: " + e.getMessage();
      say(sentence);
      for (var line : lines.which(line -> line.exchange == null)) {
        bridge.fail(line, Answers.REFUSED, sentence);
      }
      lines.pause(patience.mostPauseMillis());
    }
  }

  private void unreachable(String why) throws InterruptedException {
    attachment.lose(why);
    attachment.doubt();
    say(why);
    failures++;
    lines.pause(Math.max(patience.leastPauseMillis(), bridge.pauseMillis(failures)));
  }

  private void say(String sentence) {
    if (!sentence.equals(lastTrouble)) {
      lastTrouble = sentence;
      bridge.note(sentence);
    }
  }

  private void sendNext(Attachment.Route route) throws Attachment.Unreachable {
    Exchange exchange;
    try {
      exchange = attachment.connect(route.daemon(), true);
    } catch (IOException e) {
      throw new Attachment.Unreachable(
          "nobody answers at "
              + route.daemon().host()
              + ":"
              + route.daemon().port()
              + ": "
              + Attachment.sentence(e));
    }
    var line = lines.takeSendable(exchange);
    if (line == null) {
      attachment.giveBack(exchange);
      return;
    }
    try {
      send(line, exchange, route);
    } catch (IOException e) {
      bridge.broke(line, exchange);
    }
  }

  private void send(KeptLine line, Exchange exchange, Attachment.Route route) throws IOException {
    var connection = exchange.connection();
    var headers = headers(line, route);
    var lastEventId = line.lastEventId;
    if (lastEventId != null) {
      headers.add("Last-Event-ID: " + lastEventId);
      connection.send("GET", route.path(), headers, new byte[0]);
    } else {
      connection.send("POST", route.path(), headers, line.message.bytes());
    }
    exchange.heard();
    if (line.isRequest()) {
      var conversation = new Conversation(bridge, line, exchange, lastEventId != null);
      Thread.ofVirtual().name("conversation").start(conversation::run);
    } else {
      connection.readWithin(patience.registerMillis());
      taken(line, exchange, connection.receive());
    }
  }

  private List<String> headers(KeptLine line, Attachment.Route route) {
    var headers = Attachment.headers(route.daemon());
    headers.add(BOTH);
    var message = line.message;
    if (line.modern) {
      var claimed = message.modernVersion();
      headers.add("MCP-Protocol-Version: " + (claimed == null ? bridge.modernVersion() : claimed));
      headers.add("Mcp-Method: " + Message.headerValue(message.method()));
      var name = message.headerName();
      if (name != null) {
        headers.add("Mcp-Name: " + name);
      }
    } else if (!message.method().equals("initialize")) {
      addLink(headers, bridge.link());
    }
    return headers;
  }

  /// What a legacy request says of its link.
  static void addLink(List<String> headers, @Nullable Link link) {
    if (link != null && link.id() != null) {
      headers.add("Mcp-Session-Id: " + link.id());
    }
    if (link != null && link.version() != null) {
      headers.add("MCP-Protocol-Version: " + link.version());
    }
  }

  /// The daemon's word on a notification or a response.
  private void taken(KeptLine line, Exchange exchange, HttpResponse response) throws IOException {
    attachment.contact();
    int status = response.status();
    boolean drained = drain(response);
    if (drained && response.leavesConnectionUsable()) {
      exchange.connection().readWithin(0);
      attachment.giveBack(exchange);
    } else {
      exchange.close();
    }
    if (status < 300) {
      lines.finish(line);
      if (line.message.method().equals("notifications/initialized")) {
        bridge.linkIsUsed();
      }
    } else if ((status == 429 || status == 503) && !bridge.isOverdue(line)) {
      lines.again(line, exchange, patience.mostPauseMillis());
    } else if ((status == 401 || status == 404) && !line.registeredAgain) {
      line.registeredAgain = true;
      attachment.forgetRegistration();
      lines.again(line, exchange, 0);
    } else {
      bridge.fail(line, Answers.REFUSED - status, "the daemon answered " + status);
    }
  }

  private static boolean drain(HttpResponse response) throws IOException {
    int left = 64 << 10;
    int b = response.read();
    while (b >= 0 && left > 0) {
      left--;
      b = response.read();
    }
    return b < 0;
  }

  /// Waits for the first daemon, so long as the settings say.
  ///
  /// @throws Attachment.Unreachable when there is none by then
  /// @throws Attachment.Refused when it refuses the target
  void attachFirst() throws Attachment.Unreachable, Attachment.Refused, InterruptedException {
    var nanoTime = bridge.environment().nanoTime();
    long deadline = nanoTime.getAsLong() + TimeUnit.MILLISECONDS.toNanos(patience.startMillis());
    while (true) {
      try {
        attachment.require();
        return;
      } catch (Attachment.Unreachable e) {
        if (nanoTime.getAsLong() - deadline > 0) {
          throw new Attachment.Unreachable(
              "no daemon was ready after "
                  + patience.startMillis()
                  + " ms (see logs/ in the data directory): "
                  + e.getMessage());
        }
        attachment.doubt();
        lines.pause(patience.leastPauseMillis());
      }
    }
  }
}
