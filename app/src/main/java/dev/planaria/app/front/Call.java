package dev.planaria.app.front;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One client request on its way to an answer, over as many workers as it takes. Used by one
/// thread.
final class Call {

  private final Request request;
  private final String stamp;
  private final boolean keepAlive;
  private int sends;
  private int failures;
  private @Nullable WorkerGone perhapsStale;
  private @Nullable String lastEventId;

  /// @param stamp names the request towards all workers, so that none does its work a second time
  /// @param keepAlive whether the client's connection can go on afterwards
  Call(Request request, String stamp, boolean keepAlive) {
    this.request = request;
    this.stamp = stamp;
    this.keepAlive = keepAlive;
  }

  Request request() {
    return request;
  }

  boolean keepAlive() {
    return keepAlive;
  }

  /// True for a GET, whose stream only listens: it asks for nothing that could kill a worker, and
  /// may see many of them.
  boolean isListening() {
    return request.method().equals("GET");
  }

  /// How often the worker died, or dropped the connection, while it had this request.
  int failures() {
    return failures;
  }

  @Nullable String lastEventId() {
    return lastEventId;
  }

  /// Remembers how far the client's stream has come. Ids that a header cannot carry are not
  /// remembered; ours are visible ASCII.
  void relayed(@Nullable String eventId) {
    if (eventId != null && eventId.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      lastEventId = eventId;
    }
  }

  /// The fields that tell the worker what it must know about this sending.
  List<Header> nextSending(boolean headSent) {
    var ours = new ArrayList<Header>(4);
    ours.add(new Header("Planaria-Stamp", stamp));
    if (sends > 0) {
      ours.add(new Header("Planaria-Resend", Integer.toString(sends)));
      if (headSent) {
        ours.add(new Header("Planaria-Head-Sent", "1"));
      }
      var last = lastEventId;
      if (last != null) {
        ours.add(new Header("Planaria-Last-Event-Id", last));
      }
    }
    sends++;
    return ours;
  }

  /// Counts a failure against the request; a connection that may merely have been stale is judged
  /// when it is known which worker comes next.
  void failed(WorkerGone gone) {
    if (gone.perhapsStale()) {
      perhapsStale = gone;
    } else {
      failures++;
    }
  }

  /// Judges the last failure: if another worker serves now, the former one did die.
  void goesTo(long generation) {
    var doubtful = perhapsStale;
    perhapsStale = null;
    if (doubtful != null && doubtful.generation() != generation) {
      failures++;
    }
  }

  /// The worker lived with this call long enough not to have died of it.
  void settled() {
    failures = 0;
  }
}
