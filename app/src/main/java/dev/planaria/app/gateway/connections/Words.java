package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.state.CallStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client is told that the server did not say. A tool call is answered with a result that a
/// model reads (`isError`), anything else with an error. Pure.
final class Words {
  /// In `_meta`: what became of the call, for programs.
  static final String OUTCOME = "dev.planaria/outcome";

  /// In `_meta`: the id to ask by.
  private static final String OPERATION_ID = "dev.planaria/operationId";

  /// JSON-RPC code of what became of a request, where there is no result to say it in. Outside the
  /// range that is reserved.
  private static final int NOT_ANSWERED = -31_000;

  private Words() {}

  /// It waits, and will be sent.
  static RawAnswer queued(Ask ask, String server, String reason) {
    return told(
        ask,
        CallStatus.QUEUED,
        "The call is queued as operation "
            + ask.id().operationId()
            + ": the server "
            + server
            + " is away ("
            + reason
            + "). It will be sent, once, when the server is back. Do not repeat it; ask"
            + " operation_status with this operation id, or call again with the same"
            + " _meta[\"dev.planaria/operationId\"], to get its result.");
  }

  /// Nobody can say whether it ran.
  static RawAnswer unknown(Ask ask, String reason) {
    return told(
        ask,
        CallStatus.UNKNOWN,
        "The outcome of this call is unknown: "
            + reason
            + ". It may have run or not, and was not sent again. Look whether it had its effect"
            + " before you call again; operation "
            + ask.id().operationId()
            + " names it.");
  }

  /// It was not run.
  static RawAnswer notRun(Ask ask, CallStatus status, String reason) {
    return told(ask, status, "The call was not run: " + reason + ".");
  }

  /// It ran, and its result is not kept any more.
  static RawAnswer withoutResult(Ask ask, CallStatus status, String reason) {
    return told(
        ask,
        status,
        "The call is " + WireName.of(status) + ", and its result is not kept: " + reason + ".");
  }

  private static RawAnswer told(Ask ask, CallStatus status, String sentence) {
    JsonObject meta =
        JsonObject.builder()
            .put(OUTCOME, WireName.of(status))
            .put(OPERATION_ID, ask.id().operationId())
            .build();
    if (!ask.method().equals(Ask.CALL)) {
      return new RawAnswer.Refusal(
          RawObject.of(
              JsonObject.builder()
                  .put("code", NOT_ANSWERED)
                  .put("message", sentence)
                  .put("data", meta)
                  .build()));
    }
    return new RawAnswer.Result(
        RawObject.of(
            JsonObject.builder()
                .put("content", new JsonArray(List.of(text(sentence))))
                .put("isError", JsonBoolean.of(true))
                .put("_meta", meta)
                .build()));
  }

  private static JsonObject text(String sentence) {
    return JsonObject.builder().put("type", "text").put("text", sentence).build();
  }

  /// An error of our own making.
  static RawAnswer refused(int code, String sentence) {
    return new RawAnswer.Refusal(
        RawObject.of(JsonObject.builder().put("code", code).put("message", sentence).build()));
  }

  /// The server is away, and what was asked is not queued.
  static RawAnswer away(String server, String reason) {
    return refused(
        NOT_ANSWERED,
        "the server " + server + " is away (" + reason + "); it is tried again by itself");
  }

  /// A stored outcome as the answer that it was.
  static RawAnswer stored(CallStatus status, String outcome) {
    RawObject raw = RawObject.parse(outcome.getBytes(StandardCharsets.UTF_8), JsonLimits.OWN);
    return status == CallStatus.COMPLETED ? new RawAnswer.Result(raw) : new RawAnswer.Refusal(raw);
  }

  /// A server has forgotten something.
  ///
  /// @param unbuilt why it was not built up again, in a sentence; null when nothing says how
  /// @param copied true when its package is copied for each process
  static String loss(String server, @Nullable String unbuilt, boolean copied) {
    return "NOTE from Planaria: the server "
        + server
        + " was started anew since it was last used. "
        + (unbuilt == null
            ? "What it kept in memory alone is lost"
            : "What it kept in memory was not built up again as a whole ("
                + unbuilt
                + "); the rest is lost")
        + ", and calls that had built that up may have to be made again; what it keeps on disk"
        + (copied ? " outside its package" : "")
        + " is not affected.";
  }

  /// The same result with one more text for the model, behind the server's own.
  static RawObject withNotice(RawObject result, String sentence) {
    byte[] content = result.raw("content").orElse(new byte[] {'[', ']'});
    int end = content.length - 1;
    while (end > 0 && content[end] != ']') {
      end--;
    }
    boolean empty = new String(content, 1, end - 1, StandardCharsets.UTF_8).isBlank();
    var out = new ByteArrayOutputStream(content.length + sentence.length() + 40);
    out.write(content, 0, end);
    if (!empty) {
      out.write(',');
    }
    out.writeBytes(RawObject.of(text(sentence)).bytes());
    out.write(']');
    return result.with("content", out.toByteArray());
  }

  /// The same result, marked as what was known before the server went away.
  static RawObject stale(RawObject result, String reason, long sinceMillis) {
    RawObject meta = result.object("_meta").orElse(RawObject.EMPTY);
    JsonValue why =
        JsonObject.builder().put("reason", reason).put("since_millis", sinceMillis).build();
    return result.with("_meta", meta.with("dev.planaria/stale", why));
  }
}
