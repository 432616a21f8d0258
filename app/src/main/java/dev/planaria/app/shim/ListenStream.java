package dev.planaria.app.shim;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Holds the stream on which the daemon speaks on its own to a legacy client (MCP 2025-11-25,
/// Streamable HTTP, "Listening for Messages from the Server"), and opens it again when it breaks.
/// Never starts a daemon: somebody who has stopped it may have meant it. One thread.
final class ListenStream {

  private final Bridge bridge;
  private final ShimSettings.Patience patience;
  private @Nullable Link listening;
  private @Nullable String lastEventId;
  private long pauseMillis;

  ListenStream(Bridge bridge) {
    this.bridge = bridge;
    this.patience = bridge.settings().patience();
    this.pauseMillis = patience.pollMillis();
  }

  /// Until the end, or until the daemon says that it has no such stream.
  void run() {
    try {
      while (!bridge.lines().isEnded()) {
        var link = bridge.linkInUse();
        var route = bridge.attachment().present();
        if (link == null || route == null) {
          bridge.lines().pause(patience.pollMillis());
        } else if (listen(link, route)) {
          bridge.lines().pause(pauseMillis);
        } else {
          awaitAnother(link);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitAnother(Link refused) throws InterruptedException {
    while (!bridge.lines().isEnded() && refused.equals(bridge.link())) {
      bridge.lines().pause(patience.mostPauseMillis());
    }
  }

  /// Listens until the stream ends.
  ///
  /// @return false when there is none for that link
  private boolean listen(Link link, Attachment.Route route) {
    if (!link.equals(listening)) {
      listening = link;
      lastEventId = null;
    }
    var headers = Attachment.headers(route.daemon());
    headers.add("Accept: text/event-stream");
    Courier.addLink(headers, link);
    if (lastEventId != null) {
      headers.add("Last-Event-ID: " + lastEventId);
    }
    try (var connection =
        HttpConnection.open(
            route.daemon().host(), route.daemon().port(), patience.connectMillis())) {
      connection.send("GET", route.path(), headers, new byte[0]);
      var response = connection.receive();
      if (response.status() == 200 && response.isEventStream()) {
        bridge.attachment().contact();
        return events(response);
      }
      if (lastEventId != null) {
        lastEventId = null;
        return true;
      }
      return response.status() == 429 || response.status() >= 500;
    } catch (IOException | BodyBuffer.TooLong e) {
      // A broken stream tells the courier early that the daemon may have gone.
      bridge.attachment().doubt();
      return true;
    }
  }

  private boolean events(HttpResponse response) throws IOException, BodyBuffer.TooLong {
    var events = new EventReader(response, bridge.settings().limits(), bridge.large());
    for (var event = events.next(); event != null; event = events.next()) {
      lastEventId = event.id();
      if (events.retryMillis() >= 0) {
        pauseMillis = Math.clamp(events.retryMillis(), 1, patience.mostPauseMillis());
      }
      if (event.data().length > 0) {
        forward(event.data());
      }
    }
    return true;
  }

  private void forward(byte[] data) {
    try {
      for (var parsed : Message.read(data)) {
        if (parsed instanceof Message.Parsed.Good(var message)
            && message.kind() != Message.Kind.RESPONSE) {
          bridge.forward(message);
        }
      }
    } catch (JsonText.Malformed e) {
      bridge.note("the daemon sent a message that cannot be read: " + e.getMessage());
    }
  }
}
