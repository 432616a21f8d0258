package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.upstreams.Trouble;
import dev.planaria.app.gateway.upstreams.UpstreamBroken;
import dev.planaria.app.gateway.upstreams.UpstreamEvents;
import dev.planaria.app.gateway.upstreams.UpstreamRequest;
import dev.planaria.app.gateway.upstreams.UpstreamSession;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.gateway.wire.RpcId;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.CallId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a server says unasked, and who hears it: the client of the request that it belongs to, or
/// everybody who listens. Thread-safe.
final class Voice {
  /// How long a server's question waits for a client that can be asked. Servers ask, for the roots
  /// for instance, as soon as they are connected; a client begins to listen only after that. The
  /// official clients do so within some 10 ms.
  private static final long UNHEARD_MILLIS = 3_000;

  /// Questions of a server that clients have not answered; no server asks as much.
  private static final int MOST_QUESTIONS = 1_000;

  private final Supplier<String> newId;
  private final Log log;
  private final Set<Mailbox> listeners = new CopyOnWriteArraySet<>();
  private final Map<UpstreamRequest, Ask> running = new ConcurrentHashMap<>();
  private final Map<String, Asked> asked = new ConcurrentHashMap<>();

  /// Questions for which no client is there yet; guarded by itself, so that none slips between a
  /// client that begins to listen and a question that begins to wait.
  private final Map<Message.Asked, CountDownLatch> unheard = new HashMap<>();

  private final AtomicLong heard = new AtomicLong();

  /// A request of the server that a client was given.
  private record Asked(Conversation conversation, RpcId id) {}

  /// @param newId ids for what a server asks, which nobody can guess
  Voice(Supplier<String> newId, Log log) {
    this.newId = newId;
    this.log = log;
  }

  /// A mailbox for somebody who listens.
  ///
  /// @param canAnswer whether it can be asked something
  /// @param onEnd done once when nobody reads it any more
  Mailbox listen(boolean canAnswer, Runnable onEnd) {
    var mailbox =
        new Mailbox(
            canAnswer,
            ended -> {
              if (listeners.remove(ended)) {
                onEnd.run();
              }
            });
    synchronized (unheard) {
      listeners.add(mailbox);
      unheard.entrySet().removeIf(waiting -> heardNow(waiting, mailbox));
    }
    return mailbox;
  }

  private static boolean heardNow(
      Map.Entry<Message.Asked, CountDownLatch> waiting, Mailbox mailbox) {
    boolean told = mailbox.tell(waiting.getKey());
    if (told) {
      waiting.getValue().countDown();
    }
    return told;
  }

  void close() {
    listeners.forEach(Mailbox::close);
  }

  /// A request is at the server.
  void begun(UpstreamRequest request, Ask ask) {
    running.put(request, ask);
  }

  /// It is not any more.
  void ended(UpstreamRequest request) {
    running.remove(request);
  }

  /// The request that runs for a client's request.
  @Nullable UpstreamRequest runningFor(CallId id) {
    return running.entrySet().stream()
        .filter(entry -> entry.getValue().id().equals(id))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  /// How often the server was heard.
  long heardCount() {
    return heard.get();
  }

  /// The server was heard.
  void heard() {
    heard.incrementAndGet();
  }

  /// Everybody is told.
  void tellAll(String method, RawObject params) {
    var message = new Message.Told(method, params);
    listeners.forEach(listener -> listener.tell(message));
  }

  /// What is said in one conversation.
  ///
  /// @param onMissed hears that notifications may have been missed
  /// @param onEnd hears that it is over
  Conversation conversation(Runnable onMissed, BiConsumer<Conversation, Trouble> onEnd) {
    return new Conversation(onMissed, onEnd);
  }

  /// A client answers what the server had asked.
  ///
  /// @return false when nobody waits for that
  boolean answered(String id, RawAnswer answer) {
    Asked question = asked.remove(id);
    if (question == null) {
      return false;
    }
    question.conversation().respond(question.id(), answer);
    return true;
  }

  /// The events of one conversation.
  final class Conversation implements UpstreamEvents {
    private final Runnable onMissed;
    private final BiConsumer<Conversation, Trouble> onEnd;
    private volatile @Nullable UpstreamSession session;

    private Conversation(Runnable onMissed, BiConsumer<Conversation, Trouble> onEnd) {
      this.onMissed = onMissed;
      this.onEnd = onEnd;
    }

    /// To be called when the conversation has begun.
    void of(UpstreamSession begun) {
      session = begun;
    }

    @Override
    public void notification(String method, RawObject params, @Nullable UpstreamRequest during) {
      heard();
      var message = new Message.Told(method, params);
      Ask ask = isAboutTheServer(method) ? null : askOf(during);
      if (ask == null || !ask.outlet().tell(message)) {
        listeners.forEach(listener -> listener.tell(message));
      }
    }

    /// Lists and resources are everybody's; the rest belongs to a request, if it can be told which.
    private static boolean isAboutTheServer(String method) {
      return method.endsWith("/list_changed") || method.equals("notifications/resources/updated");
    }

    private @Nullable Ask askOf(@Nullable UpstreamRequest during) {
      if (during != null) {
        return running.get(during);
      }
      List<Ask> all = List.copyOf(running.values());
      return all.size() == 1 ? all.getFirst() : null;
    }

    @Override
    public void request(
        RpcId id, String method, RawObject params, @Nullable UpstreamRequest during) {
      heard();
      if (asked.size() >= MOST_QUESTIONS) {
        respond(id, Words.refused(RpcError.INTERNAL, "too many questions wait for an answer"));
        return;
      }
      String ours = "planaria-" + newId.get();
      asked.put(ours, new Asked(this, id));
      var message = new Message.Asked(ours, method, params);
      Ask ask = askOf(during);
      if (ask != null && ask.outlet().tell(message)) {
        return;
      }
      var told = new CountDownLatch(1);
      synchronized (unheard) {
        if (listeners.stream().anyMatch(listener -> listener.tell(message))) {
          return;
        }
        unheard.put(message, told);
      }
      Thread.ofVirtual().name("question-of-a-server").start(() -> awaitListener(message, told));
    }

    private void awaitListener(Message.Asked message, CountDownLatch told) {
      boolean heard = true;
      try {
        heard = told.await(UNHEARD_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      synchronized (unheard) {
        heard = unheard.remove(message) == null || heard;
      }
      Asked question = heard ? null : asked.remove(message.id());
      if (question != null) {
        respond(
            question.id(),
            Words.refused(RpcError.METHOD_NOT_FOUND, "no client that could be asked is connected"));
      }
    }

    private void respond(RpcId id, RawAnswer answer) {
      UpstreamSession present = session;
      if (present == null) {
        return;
      }
      Thread.ofVirtual()
          .name("answer-to-a-server")
          .start(() -> {
            try {
              present.respond(id, answer);
            } catch (UpstreamBroken e) {
              log.info("a client's answer did not reach its server: " + e.getMessage());
            }
          });
    }

    @Override
    public void missed() {
      onMissed.run();
    }

    @Override
    public void ended(Trouble reason) {
      asked.values().removeIf(question -> question.conversation().equals(this));
      onEnd.accept(this, reason);
    }
  }

  /// A resource's name as parameters.
  static RawObject uri(String uri) {
    return RawObject.EMPTY.with("uri", new JsonString(uri));
  }
}
