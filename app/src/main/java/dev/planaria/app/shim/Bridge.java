package dev.planaria.app.shim;

import dev.planaria.engine.json.JsonObject;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The heart: takes the client's lines in, keeps them until the daemon has dealt with them, and
/// gives each request exactly one answer. [Courier] sends, [Conversation] reads what comes back,
/// [Watchman] sees to it that nobody waits for ever. Thread-safe.
final class Bridge {

  private final boolean sessionTools;
  private final ShimSettings settings;
  private final ShimGuarantees guarantees;
  private final ShimEnvironment environment;
  private final ClientOutput output;
  private final KeptLines lines;
  private final Attachment attachment;

  /// Who may read a long answer now.
  private final Semaphore large = new Semaphore(1);

  private volatile @Nullable Link link;
  private volatile boolean linkIsInUse;
  private volatile String modernVersion = Message.FIRST_MODERN;
  private volatile boolean spokeModern;

  Bridge(
      Target target,
      ShimSettings settings,
      ShimGuarantees guarantees,
      ShimEnvironment environment,
      ClientOutput output,
      Attachment attachment) {
    this.sessionTools = target instanceof Target.SessionTools;
    this.settings = settings;
    this.guarantees = guarantees;
    this.environment = environment;
    this.output = output;
    this.attachment = attachment;
    this.lines = new KeptLines(settings.limits(), environment.nanoTime());
  }

  ShimSettings settings() {
    return settings;
  }

  KeptLines lines() {
    return lines;
  }

  Attachment attachment() {
    return attachment;
  }

  ShimEnvironment environment() {
    return environment;
  }

  Semaphore large() {
    return large;
  }

  /// The legacy link, or null while there is none.
  @Nullable Link link() {
    return link;
  }

  /// The link that the client has said it is using: only then may the daemon speak on its own.
  @Nullable Link linkInUse() {
    return linkIsInUse ? link : null;
  }

  /// The version that modern notifications go under, which do not name one themselves.
  String modernVersion() {
    return modernVersion;
  }

  /// Takes a line of the client.
  void accept(LineReader.Line line) {
    switch (line) {
      case LineReader.Line.TooLong(var rawId) ->
          output.write(
              Answers.error(
                  rawId,
                  Answers.LINE_TOO_LONG,
                  "the message is longer than "
                      + settings.limits().lineBytes()
                      + " bytes; send less in one message"));
      case LineReader.Line.Whole(var bytes) -> {
        try {
          Message.read(bytes).forEach(this::accept);
        } catch (JsonText.Malformed e) {
          output.write(Answers.error("null", Answers.PARSE, String.valueOf(e.getMessage())));
        }
      }
    }
  }

  private void accept(Message.Parsed parsed) {
    switch (parsed) {
      case Message.Parsed.NoMessage(var rawId) ->
          output.write(
              Answers.error(
                  rawId,
                  Answers.INVALID_REQUEST,
                  "a message has a method, with an id that is a string or a number or with none,"
                      + " or an id and a result or an error"));
      case Message.Parsed.Good(var message) -> {
        switch (message.kind()) {
          case REQUEST -> keep(named(message), isModern(message));
          case NOTIFICATION -> {
            if (!message.method().equals("notifications/cancelled") || passOn(message)) {
              keep(message, isModern(message));
            }
          }
          case RESPONSE -> keep(message, false);
        }
      }
    }
  }

  private boolean isModern(Message message) {
    var claimed = message.modernVersion();
    if (claimed != null) {
      modernVersion = claimed;
      spokeModern = true;
      return true;
    }
    return message.method().equals("server/discover")
        || (message.kind() == Message.Kind.NOTIFICATION && spokeModern && link == null);
  }

  /// A call carries an operation id from here on, under which it runs once, however often it is
  /// sent. One that names an operation of the session tools in its arguments has it already.
  private Message named(Message message) {
    boolean unnamed =
        guarantees.nameOperations()
            && message.method().equals("tools/call")
            && message.operationId() == null
            && !(sessionTools && message.namesOperationInArguments());
    return unnamed ? message.withOperationId(environment.newOperationId().get()) : message;
  }

  /// The client cancels one of its requests.
  ///
  /// @return true when the daemon has to hear of it as a message
  private boolean passOn(Message cancellation) {
    var cancelled = lines.cancel(cancellation.cancelledId());
    if (cancelled == null) {
      return link != null;
    }
    var exchange = cancelled.exchange;
    if (cancelled.modern || cancelled.sends == 0) {
      // A modern request is cancelled by the end of its stream (MCP 2026-07-28, Streamable HTTP).
      lines.finish(cancelled);
      if (exchange != null) {
        exchange.close();
      }
      return false;
    }
    return true;
  }

  private void keep(Message message, boolean modern) {
    switch (lines.keep(message, modern)) {
      case KEPT -> {}
      case TOO_MANY -> {
        var limits = settings.limits();
        var sentence =
            "more is unanswered than may be ("
                + limits.keptLines()
                + " requests, "
                + limits.keptBytes()
                + " bytes); wait for answers first";
        if (message.kind() == Message.Kind.REQUEST) {
          output.write(Answers.error(message.rawId(), Answers.TOO_MANY_LINES, sentence));
        } else {
          note("dropped a message of the client: " + sentence);
        }
      }
      case ID_IN_USE ->
          // Under its own id it would be taken for the answer to the first request.
          output.write(
              Answers.error(
                  "null",
                  Answers.INVALID_REQUEST,
                  "a request with the id " + message.rawId() + " is still unanswered"));
    }
  }

  /// Gives a request its answer, unless it has one or the client does not want it any more.
  void answer(KeptLine line, Message answer) {
    if (lines.finish(line)) {
      output.write(answer.line());
    }
  }

  /// Gives a request an error for an answer. What wants no answer is only dropped.
  void fail(KeptLine line, int code, String sentence) {
    if (!lines.finish(line) || line.cancelled) {
      return;
    }
    if (!line.isRequest()) {
      note("dropped a " + line.message.method() + " of the client: " + sentence);
      return;
    }
    var data = JsonObject.builder().put("outcome", line.sends == 0 ? "not_sent" : "unknown");
    data.put("operationId", line.message.operationId());
    output.write(Answers.error(line.message.rawId(), code, sentence, data.build()));
  }

  /// Passes on what the daemon says beside answers.
  void forward(Message message) {
    output.write(message.line());
  }

  /// The daemon agreed to a link.
  void linked(Link agreed) {
    linkIsInUse = false;
    link = agreed;
  }

  /// The client has heard that the link is agreed on.
  void linkIsUsed() {
    linkIsInUse = true;
  }

  /// The way to the daemon broke under a line. It is sent again, unless the client does not want it
  /// any more.
  void broke(KeptLine line, Exchange exchange) {
    exchange.close();
    attachment.doubt();
    if (line.cancelled) {
      lines.finish(line);
    } else if (guarantees.resendUnanswered()) {
      lines.again(line, exchange, pauseMillis(line.sends));
    } else {
      fail(line, Answers.UNREACHABLE, "the daemon went away");
    }
  }

  /// The first repetition comes at once, the later ones after longer and longer pauses.
  long pauseMillis(int sends) {
    var patience = settings.patience();
    return sends < 2
        ? 0
        : Math.min(patience.mostPauseMillis(), patience.leastPauseMillis() << Math.min(sends, 12));
  }

  /// True when a line has waited so long that an error is better than more waiting.
  boolean isOverdue(KeptLine line) {
    long waited = environment.nanoTime().getAsLong() - line.acceptedNanos;
    return waited > TimeUnit.MILLISECONDS.toNanos(settings.patience().outageMillis());
  }

  /// Tells the daemon that the client has gone. Nothing depends on it: a link that is not ended
  /// expires.
  void farewell() {
    endLink();
    try {
      attachment.release();
    } catch (java.io.IOException e) {
      note("could not let go of the server: " + Attachment.sentence(e));
    }
  }

  private void endLink() {
    var agreed = link;
    var route = attachment.last();
    if (agreed == null || agreed.id() == null || route == null) {
      return;
    }
    try {
      attachment.ask(
          route.daemon(),
          "DELETE",
          route.path(),
          List.of("Mcp-Session-Id: " + agreed.id()),
          new byte[0],
          settings.patience().farewellMillis());
    } catch (java.io.IOException e) {
      note("could not end the link: " + Attachment.sentence(e));
    }
  }

  /// Says something to people.
  void note(String sentence) {
    environment.note().accept(sentence);
  }
}
