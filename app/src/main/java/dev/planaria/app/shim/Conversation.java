package dev.planaria.app.shim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads what the daemon answers to one request (MCP 2025-11-25 and 2026-07-28, Streamable HTTP):
/// JSON, or a stream of events, among which the answer is. One thread.
final class Conversation {

  private final Bridge bridge;
  private final KeptLine line;
  private final Exchange exchange;
  private final boolean resumed;
  private final ShimSettings settings;

  /// @param resumed whether a stream is resumed, rather than a request sent
  Conversation(Bridge bridge, KeptLine line, Exchange exchange, boolean resumed) {
    this.bridge = bridge;
    this.line = line;
    this.exchange = exchange;
    this.resumed = resumed;
    this.settings = bridge.settings();
  }

  /// To the answer, or to the point from which the line is sent again.
  void run() {
    try {
      var response = exchange.connection().receive();
      exchange.heard();
      bridge.attachment().contact();
      int status = response.status();
      if (status >= 200 && status < 300) {
        answered(response);
      } else {
        refused(response);
      }
    } catch (IOException e) {
      bridge.broke(line, exchange);
    } catch (BodyBuffer.TooLong e) {
      exchange.close();
      bridge.fail(
          line,
          Answers.UNUSABLE_ANSWER,
          "the answer is longer than " + settings.limits().answerBytes() + " bytes");
    } catch (RuntimeException | OutOfMemoryError e) {
      exchange.close();
      bridge.fail(line, Answers.UNUSABLE_ANSWER, "the answer could not be read: " + e);
    }
  }

  private void answered(HttpResponse response) throws IOException, BodyBuffer.TooLong {
    boolean done;
    if (response.isEventStream()) {
      done = events(response);
    } else {
      var body = body(response);
      leave(response);
      done = body.length > 0 && take(body, response);
    }
    if (!done) {
      withoutAnswer(null);
    }
  }

  private boolean events(HttpResponse response) throws IOException, BodyBuffer.TooLong {
    var events = new EventReader(response, settings.limits(), bridge.large());
    for (var event = events.next(); event != null; event = events.next()) {
      exchange.heard();
      if (event.id() != null && !line.modern) {
        line.lastEventId = event.id();
      }
      if (event.data().length > 0 && take(event.data(), response)) {
        // The stream has nothing more to say.
        exchange.close();
        return true;
      }
    }
    leave(response);
    return false;
  }

  private byte[] body(HttpResponse response) throws IOException, BodyBuffer.TooLong {
    try (var body = new BodyBuffer(settings.limits(), bridge.large())) {
      while (body.addFrom(response, false) >= 0) {
        exchange.heard();
      }
      return body.copy();
    }
  }

  private void leave(HttpResponse response) {
    if (response.leavesConnectionUsable()) {
      bridge.attachment().giveBack(exchange);
    } else {
      exchange.close();
    }
  }

  /// Takes what came.
  ///
  /// @return true when the answer was among it
  private boolean take(byte[] data, HttpResponse response) {
    try {
      boolean done = false;
      for (var parsed : Message.read(data)) {
        if (parsed instanceof Message.Parsed.Good(var message)) {
          done |= take(message, response);
        } else {
          bridge.note("the daemon sent JSON that is no message");
        }
      }
      return done;
    } catch (JsonText.Malformed e) {
      bridge.note("the daemon sent a message that cannot be read: " + e.getMessage());
      return false;
    }
  }

  private boolean take(Message message, HttpResponse response) {
    if (message.kind() != Message.Kind.RESPONSE) {
      if (!isRepeatedAcknowledgement(message)) {
        bridge.forward(message);
      }
      return false;
    }
    var id = message.rawId();
    var wanted = line.message.rawId();
    if (!id.equals("null") && !isSame(id, wanted)) {
      bridge.note("the daemon answered a request that was not asked here");
      return false;
    }
    if (line.message.method().equals("initialize") && message.agreedVersion() != null) {
      bridge.linked(new Link(response.header("mcp-session-id"), message.agreedVersion()));
    }
    bridge.answer(line, id.equals("null") ? message.answering(wanted) : message);
    return true;
  }

  /// A subscription that is sent again is acknowledged again, which the client has heard already.
  private boolean isRepeatedAcknowledgement(Message message) {
    if (!message.method().equals("notifications/subscriptions/acknowledged")) {
      return false;
    }
    boolean repeated = line.acknowledged;
    line.acknowledged = true;
    return repeated;
  }

  /// Whether two ids are the same JSON value, however they are written.
  static boolean isSame(String oneRawId, String otherRawId) {
    if (oneRawId.equals(otherRawId)) {
      return true;
    }
    try {
      var one = JsonText.parse(oneRawId.getBytes(StandardCharsets.ISO_8859_1));
      var other = JsonText.parse(otherRawId.getBytes(StandardCharsets.ISO_8859_1));
      var oneText = one.string(one.root());
      var otherText = other.string(other.root());
      if (oneText == null && otherText == null) {
        return Double.parseDouble(oneRawId) == Double.parseDouble(otherRawId);
      }
      return oneText != null && oneText.equals(otherText);
    } catch (JsonText.Malformed | NumberFormatException _) {
      return false;
    }
  }

  /// The daemon has ended its answer in order, but there was none in it.
  private void withoutAnswer(@Nullable String why) {
    if (line.cancelled) {
      bridge.lines().finish(line);
      return;
    }
    // A stream that has given an id may be ended at any time, and is to be resumed then.
    boolean promised = line.lastEventId != null && !resumed;
    line.fruitless += promised ? 0 : 1;
    if (line.fruitless >= settings.limits().fruitlessSends()) {
      bridge.fail(
          line,
          Answers.NO_ANSWER,
          "the daemon ended its answer "
              + line.fruitless
              + " times without answering"
              + (why == null ? "" : ": " + why));
      return;
    }
    bridge.lines().again(line, exchange, Math.max(bridge.pauseMillis(line.sends), 1));
  }

  private void refused(HttpResponse response) throws IOException, BodyBuffer.TooLong {
    int status = response.status();
    var body = body(response);
    leave(response);
    if (resumed) {
      // The stream is unknown, or has nothing more to send. The request itself is recognised.
      line.lastEventId = null;
      withoutAnswer("its stream could not be resumed (" + status + ")");
    } else if ((status == 429 || status == 503) && !bridge.isOverdue(line)) {
      bridge.lines().again(line, exchange, pauseFor(response));
    } else if (mayBeForgotten(status, body)) {
      line.registeredAgain = true;
      bridge.attachment().forgetRegistration();
      bridge.lines().again(line, exchange, 0);
    } else {
      giveUp(status, body);
    }
  }

  private long pauseFor(HttpResponse response) {
    var patience = settings.patience();
    var after = response.header("retry-after");
    long asked = after != null && after.matches("[0-9]{1,6}") ? 1_000 * Long.parseLong(after) : 0;
    return Math.min(Math.max(asked, patience.leastPauseMillis()), patience.mostPauseMillis());
  }

  /// A new worker may not have been told of the target yet, and a new daemon may have a new token.
  /// To a modern client a 404 with an answer in it says that there is no such method.
  private boolean mayBeForgotten(int status, byte[] body) {
    return !line.registeredAgain
        && (status == 401 || (status == 404 && !(line.modern && hasAnswer(body))));
  }

  private boolean hasAnswer(byte[] body) {
    try {
      return Message.read(body).getFirst() instanceof Message.Parsed.Good(var message)
          && isSame(message.rawId(), line.message.rawId());
    } catch (JsonText.Malformed _) {
      return false;
    }
  }

  /// The refusal is the answer: the daemon's own error under the request's id, or one of ours.
  private void giveUp(int status, byte[] body) {
    try {
      if (Message.read(body).getFirst() instanceof Message.Parsed.Good(var message)
          && message.kind() == Message.Kind.RESPONSE) {
        boolean own = isSame(message.rawId(), line.message.rawId());
        bridge.answer(line, own ? message : message.answering(line.message.rawId()));
        return;
      }
    } catch (JsonText.Malformed _) {
      // No JSON: then the status is all there is to say.
    }
    bridge.fail(
        line,
        Answers.REFUSED - status,
        "the daemon answered " + status + "; start this server again in your client");
  }
}
