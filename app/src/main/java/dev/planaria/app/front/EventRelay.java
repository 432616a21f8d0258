package dev.planaria.app.front;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Passes one stream of events on, from one worker, whole events only: when the worker dies in the
/// middle of one, the client has not seen its beginning, and the next worker sends it anew. Used by
/// one thread, for one sending of the request.
final class EventRelay {

  private final Call call;
  private final WorkerLink link;
  private final ClientStream client;
  private final Forwarder forwarder;
  private final EventSplitter splitter = new EventSplitter();
  private boolean mayRepeat;

  EventRelay(Call call, WorkerLink link, ClientStream client, Forwarder forwarder) {
    this.call = call;
    this.link = link;
    this.client = client;
    this.forwarder = forwarder;
  }

  /// Relays to the stream's proper end. The head goes out with the first events if they are there
  /// already, and not at all if the client has had one.
  void run(ResponseHead head) throws IOException, WorkerGone, Refusal {
    mayRepeat = client.isStreaming() && forwarder.guarantees().skipRepeatedPrimer();
    var first = ByteBuffer.allocate(0);
    var content = link.hasMore() ? link.readContent() : ByteBuffer.allocate(0);
    if (content != null) {
      first = wholeEvents(content);
    }
    if (client.isStreaming()) {
      client.events(first);
    } else {
      client.beginEvents(head, first, call.request(), call.keepAlive());
    }
    while (content != null) {
      content = link.readContent();
      if (content != null) {
        client.events(wholeEvents(content));
      }
    }
    client.endEvents();
  }

  /// The events that these bytes complete, one after the other in one buffer.
  private ByteBuffer wholeEvents(ByteBuffer content) throws Refusal {
    splitter.append(content);
    var whole = ByteBuffer.allocate(splitter.pending());
    while (splitter.next()) {
      if (!isRepeated()) {
        whole.put(splitter.slice());
        call.relayed(splitter.id());
      }
    }
    if (splitter.pending() > forwarder.answerBytes()) {
      throw Refusal.closing(
          502, "an event is longer than " + forwarder.answerBytes() + " bytes (answerBytes)");
    }
    return whole.flip();
  }

  /// A resumed stream begins with the event that the client had last: the worker primes it so.
  private boolean isRepeated() {
    var id = splitter.id();
    if (!mayRepeat || id == null) {
      return false;
    }
    if (id.equals(call.lastEventId())) {
      return true;
    }
    mayRepeat = false;
    return false;
  }
}
