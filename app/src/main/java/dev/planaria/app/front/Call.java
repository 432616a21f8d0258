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
  private int deaths;
  private int losses;
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

  /// How often a worker died of itself within moments of getting this request.
  int deaths() {
    return deaths;
  }

  /// How often the worker was lost in another way while it had this request.
  int losses() {
    return losses;
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

  /// Counts what befell the worker while it had this request.
  ///
  /// @param end null when the worker lives, and merely dropped the connection
  /// @param soon whether that was within moments of the request
  void lost(@Nullable WorkerEnd end, boolean soon) {
    switch (end) {
      case PLANNED -> {}
      case KILLED -> losses++;
      case BY_ITSELF -> countDeath(soon);
      case null -> countDeath(soon);
    }
  }

  private void countDeath(boolean soon) {
    if (soon) {
      deaths++;
    } else {
      losses++;
    }
  }

  /// The worker lived with this call long enough not to have died of it.
  void settled() {
    deaths = 0;
    losses = 0;
  }
}
