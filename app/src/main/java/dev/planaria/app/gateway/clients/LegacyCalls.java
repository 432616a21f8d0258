package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.calls.Admission;
import dev.planaria.app.gateway.calls.Call;
import dev.planaria.app.gateway.calls.CallRecord;
import dev.planaria.app.gateway.calls.Calls;
import dev.planaria.app.gateway.wire.BadRequest;
import dev.planaria.app.gateway.wire.EventStream;
import dev.planaria.app.gateway.wire.Exchange;
import dev.planaria.app.gateway.wire.HttpAnswer;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.Rpc;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.app.gateway.wire.RpcMessage;
import dev.planaria.app.gateway.wire.Sse;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;
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
  private final ToolCalls tools;
  private final ClientSettings settings;
  private final WorkerGuarantees guarantees;
  private final Identities identities;
  private final Log log;

  /// Where times and ids come from.
  ///
  /// @param nowMillis Unix time
  /// @param newId fresh ids, which never repeat: UUIDs without dashes
  record Identities(LongSupplier nowMillis, Supplier<String> newId) {}

  /// A call as it came.
  @SuppressWarnings("ArrayRecordComponent") // read only
  record Arrival(RpcMessage.Request request, byte[] body) {}

  LegacyCalls(
      Calls calls,
      ToolCalls tools,
      ClientSettings settings,
      WorkerGuarantees guarantees,
      Identities identities,
      Log log) {
    this.calls = calls;
    this.tools = tools;
    this.settings = settings;
    this.guarantees = guarantees;
    this.identities = identities;
    this.log = log;
  }

  /// Answers a call over POST: as a stream for clients that can resume one, else as JSON.
  void call(Exchange exchange, Link link, Visitor visitor, Arrival arrival) throws IOException {
    ToolCalls.Prepared prepared = tools.prepare(arrival.request());
    CallRecord record = record(link, visitor, arrival);
    EventStream early = null;
    if (!guarantees.primerAfterRecord() && link.version().hasPrimer()) {
      early = exchange.openStream(primer(record.stream()));
    }
    Admission admission = calls.admit(record, arrival.body());
    switch (admission) {
      case Admission.Started(Call call) -> {
        Reply reply = open(exchange, link, visitor, call, early);
        byte[] answer = run(record, arrival.request(), prepared);
        calls.finish(call, answer);
        reply.send(answer);
      }
      case Admission.Attached(Call call) -> {
        Reply reply = open(exchange, link, visitor, call, early);
        reply.send(calls.answerOf(call));
      }
      case Admission.IdInUse() ->
          throw RpcError.invalidRequest(
              "a request with this id is still running on this link, and it is another one");
      case Admission.Unrecorded(CallRecord unrecorded) -> {
        byte[] answer = run(unrecorded, arrival.request(), prepared);
        if (early == null && !visitor.carriage().headSent()) {
          exchange.send(HttpAnswer.json(200, answer));
        } else {
          finish(
              early == null ? exchange.openStream(NOTHING) : early,
              record.stream(),
              Optional.empty(),
              answer);
        }
      }
    }
  }

  /// Runs a call of a batch. Batches are not recorded: their clients cannot resume.
  JsonObject runInBatch(Link link, Visitor visitor, RpcMessage.Request request, int index) {
    String stamp = guarantees.honourStamp() ? visitor.carriage().stamp() : null;
    return tools.run(
        tools.prepare(request),
        new ToolCalls.Context(
            link.id(),
            visitor.principal(),
            visitor.urlSession(),
            stamp == null ? null : stamp + "." + index));
  }

  private CallRecord record(Link link, Visitor visitor, Arrival arrival) {
    String stream = identities.newId().get();
    String stamp = guarantees.honourStamp() ? visitor.carriage().stamp() : null;
    return new CallRecord(
        stream,
        link.id(),
        visitor.principal(),
        visitor.urlSession(),
        arrival.request().id(),
        digest(arrival.body()),
        stamp == null ? stream : stamp,
        identities.nowMillis().getAsLong());
  }

  /// How the answer of a call will reach its client.
  private interface Reply {
    void send(byte[] answer) throws IOException;
  }

  private Reply open(
      Exchange exchange, Link link, Visitor visitor, Call call, @Nullable EventStream early) {
    if (!link.version().hasPrimer()) {
      return answer -> exchange.send(HttpAnswer.json(200, answer));
    }
    String stream = call.record().stream();
    Optional<StreamPosition> had =
        Optional.ofNullable(visitor.carriage().lastEventId())
            .flatMap(StreamPosition::parse)
            .filter(position -> position.stream().equals(stream));
    try {
      EventStream events =
          early != null ? early : exchange.openStream(had.isEmpty() ? primer(stream) : NOTHING);
      return answer -> finish(events, stream, had, answer);
    } catch (IOException e) {
      // The client is gone. That is no cancellation: it may come back for the answer.
      return _ -> {};
    }
  }

  private static void finish(
      EventStream events, String stream, Optional<StreamPosition> had, byte[] answer)
      throws IOException {
    if (had.isEmpty() || had.get().position() < StreamPosition.ANSWER) {
      String id = new StreamPosition(stream, StreamPosition.ANSWER).toString();
      events.write(Sse.message(id, answer));
    }
    events.close();
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
    finish(events, call.get().record().stream(), position, calls.answerOf(call.get()));
  }

  private byte[] primer(String stream) {
    return Sse.primer(
        new StreamPosition(stream, StreamPosition.PRIMER).toString(), settings.retryMillis());
  }

  private byte[] run(CallRecord record, RpcMessage.Request request, ToolCalls.Prepared prepared) {
    var context =
        new ToolCalls.Context(
            record.link(), record.principal(), record.session(), record.operationId());
    try {
      return Rpc.bytes(Rpc.result(request.id(), tools.run(prepared, context)));
    } catch (RpcError e) {
      return Rpc.bytes(Rpc.error(request.id(), e));
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
      if (!(Rpc.read(Rpc.parse(left.body(), JsonLimits.DEFAULT))
          instanceof RpcMessage.Request request)) {
        throw RpcError.internal();
      }
      answer = run(record, request, tools.prepare(request));
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
