package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.traces.TraceContext;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.Era;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a client asks of a server. The same id again is the same request again.
///
/// @param id names it to its client
/// @param method of the protocol
/// @param params as the client sent them
/// @param era which generation of the protocol the client speaks
/// @param outlet takes what the server says before it answers
public record Ask(CallId id, String method, RawObject params, Era era, Outlet outlet) {
  static final String CALL = "tools/call";

  /// What the method is aimed at: the tool's or prompt's name, or the resource's URI; null when it
  /// has no such aim.
  @Nullable String target() {
    return switch (method) {
      case CALL, "prompts/get" -> params.text("name");
      case "resources/read", "resources/subscribe", "resources/unsubscribe" -> params.text("uri");
      default -> null;
    };
  }

  /// Where it stands in its client's trace; nothing when the client told of none.
  Optional<TraceContext> traceContext() {
    return params
        .object("_meta")
        .flatMap(meta ->
            TraceContext.of(
                meta.text(TraceContext.TRACEPARENT), meta.text(TraceContext.TRACESTATE)));
  }

  /// The same as part of a trace, as the server is to see it.
  Ask within(TraceContext trace) {
    RawObject meta =
        params
            .object("_meta")
            .orElse(RawObject.EMPTY)
            .with(TraceContext.TRACEPARENT, new JsonString(trace.traceparent()));
    String state = trace.tracestate();
    RawObject whole =
        state == null
            ? meta.without(TraceContext.TRACESTATE)
            : meta.with(TraceContext.TRACESTATE, new JsonString(state));
    return new Ask(id, method, params.with("_meta", whole), era, outlet);
  }

  /// Tells what it asks for from anything else under the same id: a hash over its params, byte for
  /// byte, without what only says how it travels.
  String argumentsDigest() {
    return Hash.sha256(params.without("_meta").bytes()).toString();
  }

  /// The token under which the client wants to hear of progress, as JSON; null when it does not.
  byte @Nullable [] progressToken() {
    return params
        .object("_meta")
        .flatMap(meta -> meta.raw("progressToken"))
        .filter(token -> token.length > 0 && token[0] != 'n')
        .orElse(null);
  }

  /// What a modern client can do of the things that a server may ask of it; null when it does not
  /// say.
  @Nullable RawObject clientCapabilities() {
    return era == Era.MODERN
        ? params
            .object("_meta")
            .flatMap(meta -> meta.object("io.modelcontextprotocol/clientCapabilities"))
            .orElse(null)
        : null;
  }

  /// The level from which on a modern client wants log messages, or null.
  @Nullable String logLevel() {
    return params
                .object("_meta")
                .map(meta -> meta.value("io.modelcontextprotocol/logLevel"))
                .orElse(null)
            instanceof JsonString(String level)
        ? level
        : null;
  }
}
