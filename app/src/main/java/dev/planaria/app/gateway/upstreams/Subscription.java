package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.JsonBoolean;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What a modern server is asked to tell unasked (MCP 2026-07-28, `subscriptions/listen`): a
/// request that stays open, and is made again whenever it ends. Thread-safe.
final class Subscription {
  private static final String METHOD = "subscriptions/listen";
  private static final String ACKNOWLEDGED = "notifications/subscriptions/acknowledged";

  /// A server that ends the request at once must not keep us busy.
  private static final long PAUSE_MILLIS = 1_000;

  /// A subscription has no end of its own.
  private static final long NEVER_MILLIS = TimeUnit.DAYS.toMillis(10_000);

  private final Session session;
  private @Nullable Listening current;

  Subscription(Session session) {
    this.session = session;
  }

  /// Everything about lists that a server with these capabilities can tell.
  static RawObject everyListOf(RawObject capabilities) {
    RawObject all = RawObject.EMPTY;
    for (String list : List.of("tools", "prompts", "resources")) {
      RawObject what = capabilities.object(list).orElse(RawObject.EMPTY);
      if (JsonBoolean.of(true).equals(what.value("listChanged"))) {
        all = all.with(list + "ListChanged", JsonBoolean.of(true));
      }
    }
    return all;
  }

  /// Asks anew. The old request ends only when the new one is acknowledged, so that nothing is
  /// missed between them.
  synchronized void choose(RawObject notifications) {
    var next = new Listening(notifications, current);
    current = next;
    if (notifications.names().isEmpty()) {
      next.takeOver();
    } else {
      Thread.ofVirtual().start(next::run);
    }
  }

  /// Sees every notification.
  void told(String method, RawObject params) {
    if (method.equals(ACKNOWLEDGED)) {
      RawObject meta = params.object("_meta").orElse(RawObject.EMPTY);
      acknowledged(session.waitingFor(meta.value(ModernMeta.SUBSCRIPTION_ID)));
    }
  }

  private synchronized void acknowledged(@Nullable Pending request) {
    if (current != null && request != null && current.request == request) {
      current.takeOver();
    }
  }

  /// Asks no more. Requests that are open end with the conversation.
  synchronized void close() {
    for (Listening each = current; each != null; each = each.before) {
      each.stopped.countDown();
    }
  }

  private final class Listening {
    private final RawObject notifications;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Listening before;
    private volatile @Nullable Pending request;

    Listening(RawObject notifications, @Nullable Listening before) {
      this.notifications = notifications;
      this.before = before;
    }

    /// Those before it are not needed any more.
    void takeOver() {
      Listening old = before;
      before = null;
      if (old != null) {
        old.stopped.countDown();
        Pending open = old.request;
        if (open != null) {
          session.abandon(open, "another subscription took its place");
        }
        old.takeOver();
      }
    }

    void run() {
      try {
        while (stopped.getCount() > 0) {
          Pending open = session.start(opening());
          request = open;
          if (!wasBroken(open) || stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
            return;
          }
          session.missed();
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts a subscription", e);
      }
    }

    private UpstreamRequest opening() {
      return UpstreamRequest.of(
          METHOD, RawObject.EMPTY.with("notifications", notifications), NEVER_MILLIS);
    }

    /// True when the request ended although the server did not refuse it.
    private boolean wasBroken(Pending open) throws InterruptedException {
      try {
        return open.await(NEVER_MILLIS) instanceof RawAnswer.Result;
      } catch (RequestFailed _) {
        return true; // told to whoever listens as a gap, when the request is made again
      } catch (TimeoutException e) {
        throw new IllegalStateException("ten thousand days have passed", e);
      }
    }
  }
}
