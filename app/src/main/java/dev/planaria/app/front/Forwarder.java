package dev.planaria.app.front;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Sends requests to the worker until they are answered. Thread-safe; each call runs in its own
/// client's thread.
final class Forwarder {

  private static final String UNKNOWN_OUTCOME =
      ", so it is not sent again; its outcome is unknown: ask for it by its operation id, and do"
          + " not repeat it blindly";

  private final WorkerPool workers;
  private final FrontSettings settings;
  private final FrontGuarantees guarantees;
  private final FrontEnvironment environment;
  private final Budget answerBudget;

  private final Suspects suspects;

  Forwarder(
      WorkerPool workers,
      FrontSettings settings,
      FrontGuarantees guarantees,
      FrontEnvironment environment,
      Budget answerBudget) {
    this.workers = workers;
    this.settings = settings;
    this.guarantees = guarantees;
    this.environment = environment;
    this.answerBudget = answerBudget;
    this.suspects = new Suspects(settings.forwarding());
  }

  /// Forwards one request and writes the answer to the client. When the worker dies before the
  /// answer is complete, the same request goes to the next worker, which knows it by its stamp: a
  /// finished call is answered from the ledger, an unfinished one is attached to, and nothing is
  /// done twice. The client notices nothing but the time.
  ///
  /// @throws Refusal what to answer instead (or, in mid-stream, why to break off)
  /// @throws IOException the client is gone
  /// @throws InterruptedException the client is gone, or the front stops
  void forward(Request request, ClientStream client, boolean keepAlive)
      throws IOException, Refusal, InterruptedException {
    var call = new Call(request, environment.newStamp().get(), keepAlive);
    while (true) {
      try (var turn = suspects.await(call)) {
        var link = workers.take();
        var sentNanos = environment.nanoTime().getAsLong();
        try {
          link.send(request, call.nextSending(client.isStreaming()));
          turn.begin();
          relay(call, link, client);
          return;
        } catch (WorkerGone gone) {
          afterFailure(call, gone, client, sentNanos);
        } finally {
          workers.giveBack(link);
        }
      }
    }
  }

  private void relay(Call call, WorkerLink link, ClientStream client)
      throws IOException, Refusal, WorkerGone {
    var toHead = call.request().isHead();
    var head = link.readHead(toHead);
    if (head.isEventStream() && !toHead) {
      var begun = new Body(answerBudget, settings.limits().answerBytes());
      new EventRelay(call, link, client, begun, guarantees.skipRepeatedPrimer()).run(head);
    } else if (client.isStreaming()) {
      // The next worker has nothing more to say on this stream.
      client.endEvents();
    } else {
      relayWhole(call, link, head, client);
    }
  }

  /// Reads the answer to its end before its first byte goes out.
  private void relayWhole(Call call, WorkerLink link, ResponseHead head, ClientStream client)
      throws IOException, Refusal, WorkerGone {
    if (!guarantees.bufferAnswers()) {
      relayUnbuffered(call, link, head, client);
      return;
    }
    var body = new Body(answerBudget, settings.limits().answerBytes());
    try {
      for (var part = link.readContent(); part != null; part = link.readContent()) {
        switch (body.append(part)) {
          case TAKEN -> {}
          case LIMIT_REACHED ->
              throw Refusal.of(
                  502,
                  "the answer is longer than "
                      + settings.limits().answerBytes()
                      + " bytes (answerBytes, and at most a quarter of the front's heap); ask for"
                      + " less at a time");
          case NO_BUFFER ->
              throw Refusal.of(
                  503,
                  "too many answers are under way at once; what was asked has been done, so repeat"
                      + " it with the same operation id");
        }
      }
      client.answer(head, body, call.request(), call.keepAlive());
    } finally {
      body.release();
    }
  }

  /// What a front without the promise to buffer would do; only tests come here.
  private void relayUnbuffered(Call call, WorkerLink link, ResponseHead head, ClientStream client)
      throws IOException, WorkerGone {
    client.beginEvents(head, List.of(), call.request(), call.keepAlive());
    for (var part = link.readContent(); part != null; part = link.readContent()) {
      client.events(List.of(part));
    }
    client.endEvents();
  }

  /// Decides whether a request whose worker is gone is sent again; throws when it is not.
  private void afterFailure(Call call, WorkerGone gone, ClientStream client, long sentNanos)
      throws Refusal, InterruptedException {
    // Before the wait for the monitor's word, which is no part of the worker's life.
    var livedMillis = TimeUnit.NANOSECONDS.toMillis(environment.nanoTime().getAsLong() - sentNanos);
    var promised =
        client.isStreaming() ? guarantees.resumeStreams() : guarantees.resendUnanswered();
    if (!promised) {
      throw Refusal.closing(502, gone.getMessage() + "; the request was not sent again");
    }
    if (gone.perhapsStale()) {
      workers.dropIdle(gone.generation());
    }
    var end = workers.endOf(gone.generation(), gone.perhapsStale());
    if (end == null && gone.perhapsStale()) {
      // A living worker had closed a connection that was idle, just when we used it again.
      return;
    }
    if (hasSettled(call, client, livedMillis)) {
      call.settled();
    } else {
      call.lost(end, livedMillis <= settings.forwarding().suspectMillis());
    }
    checkPatience(call);
  }

  /// A stream that only listens, or has lived with the worker for a while, did not kill it.
  private boolean hasSettled(Call call, ClientStream client, long livedMillis) {
    return client.isStreaming()
        && (call.isListening() || livedMillis >= settings.forwarding().settledMillis());
  }

  private void checkPatience(Call call) throws Refusal {
    var limits = settings.forwarding();
    if (call.deaths() >= limits.deathsPerRequest()) {
      throw Refusal.of(
          502,
          "the worker died or dropped the connection "
              + call.deaths()
              + " times during this request (deathsPerRequest)"
              + UNKNOWN_OUTCOME);
    }
    if (call.losses() >= limits.lossesPerRequest()) {
      throw Refusal.of(
          502,
          "the worker was lost "
              + call.losses()
              + " times during this request (lossesPerRequest)"
              + UNKNOWN_OUTCOME);
    }
  }
}
