package dev.planaria.app.traces;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a request stands in a trace (W3C Trace Context, level 1), as MCP carries it in `_meta`
/// under the same two names (SEP-414).
///
/// @param traceparent version, trace id, id of the span that asks, and flags
/// @param tracestate what tracing systems have added, or null
public record TraceContext(String traceparent, @Nullable String tracestate) {

  /// The member of `_meta` for [#traceparent].
  public static final String TRACEPARENT = "traceparent";

  /// The member of `_meta` for [#tracestate].
  public static final String TRACESTATE = "tracestate";

  /// What the standard asks everybody to carry; longer ones are left out.
  private static final int TRACESTATE_CHARACTERS = 512;

  private static final Pattern FORM =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  /// Reads what a client sent. What is none counts as not sent, as the standard has it.
  public static Optional<TraceContext> of(
      @Nullable String traceparent, @Nullable String tracestate) {
    if (traceparent == null || !FORM.matcher(traceparent).matches()) {
      return Optional.empty();
    }
    boolean fits = tracestate != null && tracestate.length() <= TRACESTATE_CHARACTERS;
    return Optional.of(new TraceContext(traceparent, fits ? tracestate : null));
  }
}
