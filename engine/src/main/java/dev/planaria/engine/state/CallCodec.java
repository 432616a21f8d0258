package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonReader;
import dev.planaria.engine.json.JsonWriter;
import dev.planaria.engine.json.WireName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Calls to JSON and back, in the forms that [RecordWriter] describes. Arguments and outcomes are
/// JSON texts inside JSON strings, so that they come back byte for byte. Pure and thread-safe.
final class CallCodec {

  private CallCodec() {}

  static void id(JsonWriter out, CallId id) {
    out.beginObject();
    names(out, id);
    out.endObject();
  }

  private static void names(JsonWriter out, CallId id) {
    out.field("principal", id.principal()).field("operation_id", id.operationId());
  }

  static CallId id(JsonReader in) {
    String principal = null;
    String operationId = null;
    in.beginObject();
    for (String field = in.nextName(); field != null; field = in.nextName()) {
      switch (field) {
        case "principal" -> principal = in.text();
        case "operation_id" -> operationId = in.text();
        default -> in.skip();
      }
    }
    return id(principal, operationId);
  }

  private static CallId id(@Nullable String principal, @Nullable String operationId) {
    return new CallId(
        RecordReader.required(principal, "principal"),
        RecordReader.required(operationId, "operation_id"));
  }

  static void call(JsonWriter out, Call call) {
    out.beginObject();
    names(out, call.id());
    out.field("connection_id", call.connectionId())
        .field("method", call.method())
        .field("target", call.target())
        .field("class", WireName.of(call.callClass()))
        .field("params", call.params())
        .field("arguments_digest", call.argumentsDigest())
        .field("status", WireName.of(call.status()))
        .field("order", call.order())
        .field("attempts", call.attempts())
        .field("accepted_at_ms", call.acceptedAtMillis())
        .field("updated_at_ms", call.updatedAtMillis());
    RecordWriter.time(out, "expires_at_ms", call.expiresAtMillis());
    out.field("outcome", call.outcome()).field("reason", call.reason());
    if (call.replayable()) {
      out.name("replayable").truth(true);
    }
    out.endObject();
  }

  static Call call(JsonReader in) {
    String principal = null;
    String operationId = null;
    String connectionId = null;
    String method = null;
    String target = null;
    CallClass callClass = null;
    String params = null;
    String argumentsDigest = null;
    CallStatus status = null;
    Long order = null;
    Long attempts = null;
    Long acceptedAt = null;
    Long updatedAt = null;
    Long expiresAt = null;
    String outcome = null;
    String reason = null;
    boolean replayable = false;
    in.beginObject();
    for (String field = in.nextName(); field != null; field = in.nextName()) {
      switch (field) {
        case "principal" -> principal = in.text();
        case "operation_id" -> operationId = in.text();
        case "connection_id" -> connectionId = in.text();
        case "method" -> method = in.text();
        case "target" -> target = in.text();
        case "class" -> callClass = RecordReader.constant(in, CallClass.class);
        case "params" -> params = in.text();
        case "arguments_digest" -> argumentsDigest = in.text();
        case "status" -> status = RecordReader.constant(in, CallStatus.class);
        case "order" -> order = in.wholeNumber();
        case "attempts" -> attempts = in.wholeNumber();
        case "accepted_at_ms" -> acceptedAt = in.wholeNumber();
        case "updated_at_ms" -> updatedAt = in.wholeNumber();
        case "expires_at_ms" -> expiresAt = in.wholeNumber();
        case "outcome" -> outcome = in.text();
        case "reason" -> reason = in.text();
        case "replayable" -> replayable = in.truth();
        default -> in.skip();
      }
    }
    return new Call(
        id(principal, operationId),
        RecordReader.required(connectionId, "connection_id"),
        RecordReader.required(method, "method"),
        target,
        RecordReader.required(callClass, "class"),
        params,
        argumentsDigest,
        RecordReader.required(status, "status"),
        RecordReader.required(order, "order"),
        RecordReader.small(attempts, "attempts"),
        RecordReader.required(acceptedAt, "accepted_at_ms"),
        RecordReader.required(updatedAt, "updated_at_ms"),
        expiresAt,
        outcome,
        reason,
        replayable);
  }

  static void write(JsonWriter out, Operation.ConnectionRemoved op) {
    out.field("connection_id", op.connectionId()).name("existed").truth(op.existed());
    RecordWriter.list(out, "calls", op.calls(), CallCodec::call);
    letGo(out, op.letGo());
  }

  static void write(JsonWriter out, Operation.CallAccepted op) {
    call(out.name("call"), op.call());
    RecordWriter.list(out, "forgotten", op.forgotten(), CallCodec::id);
  }

  static void write(JsonWriter out, Operation.CallMoved op) {
    call(out.name("call"), op.call());
    ConnectionCodec.ifGiven(out, op.connection());
    RecordWriter.list(out, "forgotten", op.forgotten(), CallCodec::id);
  }

  static void write(JsonWriter out, Operation.ReplayDropped op) {
    out.field("connection_id", op.connectionId());
    letGo(out, op.letGo());
    ConnectionCodec.ifGiven(out, op.connection());
  }

  private static void letGo(JsonWriter out, Operation.@Nullable LetGo letGo) {
    if (letGo != null) {
      out.name("let_go").beginObject();
      RecordWriter.list(out, "calls", letGo.calls(), CallCodec::id);
      out.field("kept_until_ms", letGo.keptUntilMillis()).endObject();
    }
  }

  static Operation.LetGo letGo(JsonReader in) {
    List<CallId> calls = List.of();
    Long keptUntil = null;
    in.beginObject();
    for (String field = in.nextName(); field != null; field = in.nextName()) {
      switch (field) {
        case "calls" -> calls = RecordReader.list(in, CallCodec::id);
        case "kept_until_ms" -> keptUntil = in.wholeNumber();
        default -> in.skip();
      }
    }
    return new Operation.LetGo(calls, RecordReader.required(keptUntil, "kept_until_ms"));
  }
}
