package dev.planaria.app.dashboard;

import dev.planaria.app.gateway.wire.EventStream;
import dev.planaria.app.gateway.wire.Exchange;
import dev.planaria.app.gateway.wire.Headers;
import dev.planaria.app.gateway.wire.HttpAnswer;
import dev.planaria.app.gateway.wire.Sse;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.WireName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BooleanSupplier;

/// One reader's stream of events (WHATWG HTML section 9.2), `GET /api/v1/events`. It begins with a
/// `hello`, which names the process: a page that hears another name than before knows that the
/// worker is another one. Used by one thread.
final class FeedStream {
  private static final long RETRY_MILLIS = 1_000;

  private final LiveFeed feed;
  private final DashboardSettings settings;
  private final JsonObject self;

  /// @param self what the process says of itself
  FeedStream(LiveFeed feed, DashboardSettings settings, JsonObject self) {
    this.feed = feed;
    this.settings = settings;
    this.self = self;
  }

  /// Tells the reader what happens until it leaves, falls behind, is logged out, or the process
  /// ends.
  ///
  /// @param welcome false as soon as the reader may no longer listen
  void run(Exchange exchange, BooleanSupplier welcome) throws IOException {
    Headers headers = exchange.head().headers();
    // The front's own note first: it knows what has reached the reader of a stream that it resumes.
    String last = headers.single("Planaria-Last-Event-Id");
    if (last == null) {
      last = headers.single("Last-Event-ID");
    }
    try (LiveFeed.Listener listener = feed.listen(last)) {
      serve(exchange, listener, welcome);
    } catch (LiveFeed.TooManyListeners e) {
      exchange.send(
          HttpAnswer.error(
              503,
              "TOO_MANY_STREAMS",
              settings.streams()
                  + " live feeds are open, which is the limit (`streams` of the dashboard's"
                  + " settings); close a page"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Exchange exchange, LiveFeed.Listener listener, BooleanSupplier welcome)
      throws IOException, InterruptedException {
    EventStream events = exchange.openStream(hello(listener));
    while (true) {
      List<LiveFeed.Event> news = listener.next(settings.beatMillis());
      if (feed.hasEnded()) {
        return; // without an end of the stream: the next process goes on with it
      }
      events.write(news.isEmpty() ? Sse.keepAlive() : written(news));
      if (listener.isDropped() || !welcome.getAsBoolean()) {
        events.close();
        return;
      }
    }
  }

  private byte[] hello(LiveFeed.Listener listener) {
    JsonObject.Builder data = JsonObject.builder();
    self.members().forEach(data::put);
    data.put("continued", listener.isContinued());
    data.put("beat_ms", settings.beatMillis());
    return utf8(
        "retry: "
            + RETRY_MILLIS
            + "\n"
            + (listener.isContinued() ? "" : "id: " + listener.firstId() + "\n")
            + "event: hello\ndata: "
            + Json.write(data.build())
            + "\n\n");
  }

  private byte[] written(List<LiveFeed.Event> news) {
    var text = new StringBuilder();
    for (LiveFeed.Event event : news) {
      if (event.number() > 0) {
        text.append("id: ").append(feed.idOf(event.number())).append('\n');
      }
      text.append("event: ")
          .append(WireName.of(event.type()))
          .append("\ndata: ")
          .append(Json.write(event.data().get()))
          .append("\n\n");
    }
    return utf8(text.toString());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
