package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.connections.Mailbox;
import dev.planaria.app.gateway.connections.Message;
import dev.planaria.app.gateway.wire.BadRequest;
import dev.planaria.app.gateway.wire.EventStream;
import dev.planaria.app.gateway.wire.Exchange;
import dev.planaria.app.gateway.wire.Rpc;
import dev.planaria.app.gateway.wire.Sse;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.WireName;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Streams that stay open for what belongs to no request: standalone GET streams of legacy clients
/// and `subscriptions/listen` of modern ones. Thread-safe.
final class ListenStreams {
  /// What the ids of such a stream begin with. Nothing is replayed on one, so they need not differ.
  private static final String STREAM = "listen";

  private final Links links;
  private final RecoveryNotices notices;
  private final ClientSettings settings;
  private final CountDownLatch ended;
  private final Map<String, Integer> open = new ConcurrentHashMap<>();

  /// @param ended falls to zero when the process ends
  ListenStreams(
      Links links, RecoveryNotices notices, ClientSettings settings, CountDownLatch ended) {
    this.links = links;
    this.notices = notices;
    this.settings = settings;
    this.ended = ended;
  }

  /// True for the event ids of these streams.
  static boolean isOurs(String eventId) {
    return eventId.startsWith(STREAM + "-");
  }

  /// Holds a standalone stream open until the client leaves it, the link or the process ends.
  ///
  /// @param mail what a server behind us says; null when there is none
  /// @throws BadRequest with status 409 when the link has too many of them
  void listen(Exchange exchange, Link link, @Nullable Mailbox mail) throws IOException {
    int now = open.merge(link.id(), 1, Integer::sum);
    try {
      if (now > settings.streamsPerLink()) {
        throw new BadRequest(
            409, "this link holds " + settings.streamsPerLink() + " streams open; close one");
      }
      byte[] first =
          link.version().hasPrimer()
              ? Sse.primer(STREAM + "-0", settings.retryMillis())
              : Sse.keepAlive();
      EventStream events = exchange.openStream(first);
      Optional<Link> present = Optional.of(link);
      do {
        tell(events, present.get());
        events.write(Sse.keepAlive());
        if (mail == null ? hasEnded() : delivered(mail, events)) {
          return; // without an end of the stream: the next process goes on with it
        }
        present = links.find(link.id(), link.principal());
      } while (present.isPresent());
      events.close();
    } finally {
      open.computeIfPresent(link.id(), (_, count) -> count > 1 ? count - 1 : null);
    }
  }

  /// Delivers what comes until it is time for another sign of life.
  ///
  /// @return true when the process ends
  private boolean delivered(Mailbox mail, EventStream events) throws IOException {
    try {
      Message message = mail.next(settings.keepAliveMillis());
      while (message != null) {
        events.write(Sse.message(message.toBytes()));
        message = mail.next(settings.keepAliveMillis());
      }
      return mail.isClosed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void tell(EventStream events, Link link) throws IOException {
    for (JsonObject params : notices.alerts().newsFor(link)) {
      events.write(Sse.message(Rpc.bytes(Rpc.notification("notifications/message", params))));
    }
    if (!link.wants(LogLevel.WARNING)) {
      return;
    }
    for (RecoveryNotices.Message message : notices.messagesFor(link.id())) {
      events.write(
          Sse.message(Rpc.bytes(Rpc.notification("notifications/message", params(message)))));
    }
  }

  private static JsonObject params(RecoveryNotices.Message message) {
    JsonObject.Builder data = JsonObject.builder().put("message", message.words());
    message.summary().members().forEach(data::put);
    return JsonObject.builder()
        .put("level", WireName.of(LogLevel.WARNING))
        .put("logger", "planaria.recovery")
        .put("data", data.build())
        .build();
  }

  /// Holds a stream open on which nothing is said but that it is there.
  ///
  /// @param first what to say first; may be empty
  void hold(Exchange exchange, byte[] first) throws IOException {
    EventStream events = exchange.openStream(first);
    while (!hasEnded()) {
      events.write(Sse.keepAlive());
    }
  }

  private boolean hasEnded() {
    try {
      return ended.await(settings.keepAliveMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
