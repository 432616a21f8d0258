package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.calls.Admission;
import dev.planaria.app.gateway.calls.Call;
import dev.planaria.app.gateway.calls.CallRecord;
import dev.planaria.app.gateway.calls.Calls;
import dev.planaria.app.gateway.connections.Outlet;
import dev.planaria.app.gateway.wire.BadRequest;
import dev.planaria.app.gateway.wire.EventStream;
import dev.planaria.app.gateway.wire.Exchange;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.Rpc;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.gateway.wire.RpcMessage;
import dev.planaria.app.gateway.wire.Sse;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.session.OutcomeUnknown;
import dev.planaria.engine.session.SessionUnavailable;
import dev.planaria.engine.session.StoreUnavailable;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `tools/call` of legacy clients: recorded before the client is told anything, resumable, answered
/// once however often it is asked. Thread-safe.
///
/// The order is what matters: the call is recorded, then the head of the answer and the first event
/// leave in one write, then the tool runs, then its answer is recorded, then it is sent. A process
/// that is killed between any two of these leaves a client that either knows nothing and is refused
/// by nobody when it asks again, or holds an event id under which the answer will be.
final class LegacyCalls {
  private static final byte[] NOTHING = new byte[0];

  private final Calls calls;
  private final Jobs jobs;
  private final Links links;
  private final ClientSettings settings;
  private final WorkerGuarantees guarantees;
  private final Identities identities;
  private final Log log;
  private final Map<String, Reply> listening = new ConcurrentHashMap<>();

  /// Where times and ids come from.
  ///
  /// @param nowMillis Unix time
  /// @param newId fresh ids, which never repeat: UUIDs without dashes
  record Identities(LongSupplier nowMillis, Supplier<String> newId) {}

  /// On which terms calls are answered.
  record Terms(ClientSettings settings, WorkerGuarantees guarantees, Identities identities) {}

  /// A call as it came.
  @SuppressWarnings("ArrayRecordComponent") // read only
  record Arrival(RpcMessage.Request request, byte[] body) {}

  LegacyCalls(Calls calls, Jobs jobs, Links links, Terms terms, Log log) {
    this.calls = calls;
    this.jobs = jobs;
    this.links = links;
    this.settings = terms.settings();
    this.guarantees = terms.guarantees();
    this.identities = terms.identities();
    this.log = log;
  }

  /// Answers a call over POST: as a stream for clients that can resume one, else as JSON.
  void call(Exchange exchange, Link link, Visitor visitor, Arrival arrival) throws IOException {
    Job job =
        jobs.prepare(arrival.request(), arrival.body(), visitor.address(), visitor.principal());
    CallRecord record = record(link, visitor, arrival);
    EventStream early = null;
    if (!guarantees.primerAfterRecord() && link.version().hasPrimer()) {
      early = exchange.openStream(primer(record.stream()));
    }
    Admission admission = calls.admit(record, job.isSensitive() ? NOTHING : arrival.body());
    switch (admission) {
      case Admission.Started(Call call) -> {
        Answering answering = open(exchange, link, visitor, call, early);
        byte[] answer = run(record, job, link);
        calls.finish(call, answer);
        answering.finish(answer);
      }
      case Admission.Attached(Call call) -> {
        Answering answering = open(exchange, link, visitor, call, early);
        answering.finish(calls.answerOf(call));
      }
      case Admission.IdInUse() ->
          throw RpcError.invalidRequest(
              "a request with this id is still running on this link, and it is another one");
      case Admission.Unrecorded(CallRecord unrecorded) -> {
        Reply reply =
            early != null
                ? Reply.over(early)
                : visitor.carriage().headSent()
                    ? Reply.over(exchange.openStream(NOTHING))
                    : Reply.asJson(exchange);
        var answering = new Answering(record.stream(), reply, Optional.empty());
        answering.finish(run(unrecorded, job, link));
      }
    }
  }

  /// Runs a call of a batch. Batches are not recorded: their clients cannot resume.
  ///
  /// @throws RpcError when its answer is an error
  byte[] runInBatch(Link link, Visitor visitor, Arrival arrival, int index) {
    String stamp = guarantees.honourStamp() ? visitor.carriage().stamp() : null;
    return jobs.prepare(arrival.request(), arrival.body(), visitor.address(), visitor.principal())
        .run(
            new Job.Context(
                link,
                visitor.principal(),
                stamp == null ? null : stamp + "." + index,
                Outlet.NONE));
  }

  private CallRecord record(Link link, Visitor visitor, Arrival arrival) {
    String stream = identities.newId().get();
    String stamp = guarantees.honourStamp() ? visitor.carriage().stamp() : null;
    return new CallRecord(
        stream,
        link.id(),
        visitor.principal(),
        visitor.address(),
        arrival.request().id(),
        digest(arrival.body()),
        stamp == null ? stream : stamp,
        identities.nowMillis().getAsLong());
  }

  /// A call whose client waits for the answer here. The newest one hears what comes before.
  private final class Answering {
    private final String stream;
    private final Reply reply;
    private final Optional<StreamPosition> had;

    Answering(String stream, Reply reply, Optional<StreamPosition> had) {
      this.stream = stream;
      this.reply = reply;
      this.had = had;
      listening.put(stream, reply);
    }

    void finish(byte[] answer) throws IOException {
      listening.remove(stream, reply);
      boolean isNew = had.isEmpty() || had.get().position() < StreamPosition.ANSWER;
      reply.send(
          new StreamPosition(stream, StreamPosition.ANSWER).toString(), isNew ? answer : null);
    }
  }

  private Answering open(
      Exchange exchange, Link link, Visitor visitor, Call call, @Nullable EventStream early) {
    String stream = call.record().stream();
    Optional<StreamPosition> had =
        Optional.ofNullable(visitor.carriage().lastEventId())
            .flatMap(StreamPosition::parse)
            .filter(position -> position.stream().equals(stream));
    return new Answering(stream, reply(exchange, link, visitor, had.isEmpty(), stream, early), had);
  }

  private Reply reply(
      Exchange exchange,
      Link link,
      Visitor visitor,
      boolean fromBeginning,
      String stream,
      @Nullable EventStream early) {
    if (early != null) {
      return Reply.over(early);
    }
    boolean primed = link.version().hasPrimer();
    if (!primed && !visitor.carriage().headSent()) {
      return Reply.asJson(exchange);
    }
    try {
      return Reply.over(exchange.openStream(primed && fromBeginning ? primer(stream) : NOTHING));
    } catch (IOException e) {
      // The client is gone. That is no cancellation: it may come back for the answer.
      return Reply.toNobody();
    }
  }

  /// Resumes a call's stream (2025-11-25, "Resumability and Redelivery").
  ///
  /// The head and an event with the very id that the client has leave at once: a client that loses
  /// this stream too would otherwise forget where it was. After the last event there is nothing to
  /// resume, and 405 is what ends a client's attempts.
  void resume(Exchange exchange, Link link, String lastEventId, boolean headSent)
      throws IOException {
    Optional<StreamPosition> position = StreamPosition.parse(lastEventId);
    Optional<Call> call = position.flatMap(found -> calls.find(found.stream(), link.id()));
    boolean complete =
        call.isEmpty() || position.filter(p -> p.position() < StreamPosition.ANSWER).isEmpty();
    if (complete && headSent) {
      exchange.openStream(NOTHING).close();
      return;
    }
    if (complete) {
      throw new BadRequest(405, "this stream has nothing more to send");
    }
    EventStream events =
        exchange.openStream(
            guarantees.primerOnResume() ? primer(call.get().record().stream()) : NOTHING);
    String stream = call.get().record().stream();
    new Answering(stream, Reply.over(events), position).finish(calls.answerOf(call.get()));
  }

  private byte[] primer(String stream) {
    return Sse.primer(
        new StreamPosition(stream, StreamPosition.PRIMER).toString(), settings.retryMillis());
  }

  private byte[] run(CallRecord record, Job job, @Nullable Link link) {
    Outlet outlet =
        message -> {
          Reply reply = listening.get(record.stream());
          return reply != null && reply.tell(message.toBytes());
        };
    try {
      return job.run(new Job.Context(link, record.principal(), record.operationId(), outlet));
    } catch (RpcError e) {
      return Rpc.bytes(Rpc.error(record.id(), e));
    } catch (SessionUnavailable | StoreUnavailable | OutcomeUnknown e) {
      var error = new RpcError(RpcError.INTERNAL, 200, String.valueOf(e.getMessage()), null);
      return Rpc.bytes(Rpc.error(record.id(), error));
    } catch (RuntimeException e) {
      // Whatever breaks: a call that is written down is answered, or its client waits for ever.
      log.warn("a call broke", e);
      return Rpc.bytes(Rpc.error(record.id(), RpcError.internal()));
    }
  }

  /// Goes on with the calls that the last process did not finish, each on a thread of its own.
  void goOn(List<Calls.Unfinished> unfinished) {
    for (Calls.Unfinished left : unfinished) {
      Thread.ofVirtual().name("unfinished-call").start(() -> goOn(left));
    }
  }

  private void goOn(Calls.Unfinished left) {
    CallRecord record = left.call().record();
    byte[] answer;
    try {
      if (left.body().length == 0) {
        throw new RpcError(
            RpcError.INTERNAL,
            200,
            "whether the call has run is unknown: the daemon was restarted meanwhile, and the"
                + " call's arguments were not to be written down; operation "
                + record.operationId()
                + " names it",
            null);
      }
      if (!(Rpc.read(Rpc.parse(left.body(), JsonLimits.DEFAULT))
          instanceof RpcMessage.Request request)) {
        throw RpcError.internal();
      }
      Job job = jobs.prepare(request, left.body(), record.address(), record.principal());
      answer = run(record, job, links.find(record.link(), record.principal()).orElse(null));
    } catch (RpcError e) {
      log.warn("a call of the last process can no longer be run", e);
      answer = Rpc.bytes(Rpc.error(record.id(), e));
    }
    calls.finish(left.call(), answer);
  }

  private static Hash digest(byte[] body) {
    try {
      return Hash.of(MessageDigest.getInstance("SHA-256").digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
