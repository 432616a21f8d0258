package dev.planaria.app.front;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Passes one stream of events on, from one worker, whole events only: when the worker dies in the
/// middle of one, the client has not seen its beginning, and the next worker sends it anew. Used by
/// one thread, for one sending of the request.
final class EventRelay {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Call call;
  private final WorkerLink link;
  private final ClientStream client;
  private final EventScanner scanner = new EventScanner();

  /// The beginning of an event whose end has not come yet.
  private final Body begun;

  private boolean mayRepeat;

  /// @param begun empty; bounds how long an event may be
  /// @param skipRepeated whether the event that a resumed stream repeats is left out
  EventRelay(Call call, WorkerLink link, ClientStream client, Body begun, boolean skipRepeated) {
    this.call = call;
    this.link = link;
    this.client = client;
    this.begun = begun;
    this.mayRepeat = client.isStreaming() && skipRepeated;
  }

  /// Relays to the stream's proper end. The head goes out with the first events if they are there
  /// already, and not at all if the client has had one.
  void run(ResponseHead head) throws IOException, WorkerGone, Refusal {
    try {
      var content = link.hasMore() ? link.readContent() : NOTHING;
      relay(content == null ? NOTHING : content, client.isStreaming() ? null : head);
      while (content != null) {
        content = link.readContent();
        if (content != null) {
          relay(content, null);
        }
      }
      client.endEvents();
    } finally {
      begun.release();
    }
  }

  /// Sends the events that these bytes complete, in one write, and keeps the rest.
  private void relay(ByteBuffer content, @Nullable ResponseHead head) throws IOException, Refusal {
    var whole = new ArrayList<ByteBuffer>(4);
    var start = content.position();
    var completed = false;
    while (scanner.next(content)) {
      if (!isRepeated()) {
        if (!completed) {
          whole.addAll(begun.parts());
        }
        whole.add(content.slice(start, content.position() - start));
        call.relayed(scanner.id());
      }
      completed = true;
      start = content.position();
    }
    send(whole, head);
    if (completed) {
      begun.release();
    }
    keep(content.position(start));
  }

  private void send(List<ByteBuffer> whole, @Nullable ResponseHead head) throws IOException {
    if (head == null) {
      client.events(whole);
    } else {
      client.beginEvents(head, whole, call.request(), call.keepAlive());
    }
  }

  private void keep(ByteBuffer rest) throws Refusal {
    switch (begun.append(rest)) {
      case TAKEN -> {}
      case LIMIT_REACHED ->
          throw Refusal.closing(502, "an event of the stream is too long (answerBytes)");
      case NO_BUFFER -> throw Refusal.closing(503, "too many long events are under way at once");
    }
  }

  /// A resumed stream begins with the event that the client had last: the worker primes it so.
  private boolean isRepeated() {
    var id = scanner.id();
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
