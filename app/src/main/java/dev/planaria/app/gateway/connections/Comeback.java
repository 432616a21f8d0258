package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.replay.IdBinding;
import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.upstreams.RequestFailed;
import dev.planaria.app.gateway.upstreams.UpstreamBroken;
import dev.planaria.app.gateway.upstreams.UpstreamSession;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.Era;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is done when a server is there again, before its clients are: its state is built up again,
/// it is told what clients had told the one before, and what waited is sent. Thread-safe; one
/// comeback at a time.
final class Comeback implements Driver.Duties {
  private static final CallId HINTS = new CallId("planaria", "hints");

  private final Parts parts;
  private volatile IdBinding bindings;
  private volatile @Nullable String unbuilt;

  /// What a comeback stands on.
  ///
  /// @param trustsHints true when the server is asked what its tools do
  /// @param carrier sends a request in a conversation
  /// @param connection as it is now
  record Parts(
      Desk desk,
      Replayer replayer,
      Subscriptions subscriptions,
      Voice voice,
      boolean trustsHints,
      Carrier carrier,
      Supplier<Connection> connection,
      RelaySettings settings,
      Log log) {}

  /// @param bindings the ids that are bound already
  Comeback(Parts parts, IdBinding bindings) {
    this.parts = parts;
    this.bindings = bindings;
  }

  /// The ids by which clients know things, and those that the server has given since.
  IdBinding bindings() {
    return bindings;
  }

  /// Why the server's state was not built up again as a whole the last time, in a sentence; null
  /// when it was, or when nothing says how.
  @Nullable String unbuilt() {
    return unbuilt;
  }

  @Override
  public ConnectionEvent.Replayed replay(UpstreamSession session, Connection connection)
      throws UpstreamBroken, InterruptedException {
    ConnectionEvent.Replayed done =
        parts.desk().awaitWritten()
            ? parts.replayer().replay(session, connection)
            : new ConnectionEvent.Replayed(
                false,
                JsonObject.EMPTY,
                "what came of the last calls could not be written down in time");
    bindings = IdBinding.of(done.bindings());
    unbuilt = done.incomplete();
    return done;
  }

  @Override
  public boolean catchUp(UpstreamSession session) throws InterruptedException {
    if (parts.trustsHints()) {
      learnHints(session);
    }
    if (parts.subscriptions().restore(session)) {
      missed();
    }
    if (parts.desk().awaitWritten()) {
      parts.desk().settle();
    }
    return parts.desk().drain(session);
  }

  private void learnHints(UpstreamSession session) throws InterruptedException {
    @Nullable String cursor = null;
    do {
      RawObject params =
          cursor == null ? RawObject.EMPTY : RawObject.EMPTY.with("cursor", new JsonString(cursor));
      var ask = new Ask(HINTS, "tools/list", params, Era.LEGACY, Outlet.NONE);
      try {
        RawAnswer answer = parts.carrier().carry(session, ask, parts.settings().answerMillis());
        cursor = answer instanceof RawAnswer.Result(RawObject raw) ? raw.text("nextCursor") : null;
      } catch (RequestFailed e) {
        parts.log().info("the server's list of tools could not be read: " + e.getMessage());
        return;
      }
    } while (cursor != null);
  }

  @Override
  public void missed() {
    Missed.tell(parts.voice(), parts.connection().get(), parts.subscriptions().resources());
  }

  @Override
  public void answerWaiting(String reason) {
    parts.desk().answerWaiting(reason);
  }
}
