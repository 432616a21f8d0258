package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.replay.Profile;
import dev.planaria.app.gateway.replay.Rebinding;
import dev.planaria.app.gateway.replay.ReplayRecord;
import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.upstreams.RequestFailed;
import dev.planaria.app.gateway.upstreams.UpstreamBroken;
import dev.planaria.app.gateway.upstreams.UpstreamRequest;
import dev.planaria.app.gateway.upstreams.UpstreamSession;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Call;
import dev.planaria.engine.state.CallId;
import dev.planaria.engine.state.Connection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Rebuilds what a server has lost, in a process that knows nothing: the completed calls that its
/// profile names are made again, in order, paced, before anything else. One replay at a time.
final class Replayer {
  /// A call under which the server died so often is left out, and reported.
  private static final int DEATHS = 2;

  private final Profile profile;
  private final Ledger ledger;
  private final Line line;
  private final RelaySettings settings;
  private final Log log;
  private final Map<CallId, Integer> deaths = new HashMap<>();

  Replayer(Profile profile, Ledger ledger, Line line, RelaySettings settings, Log log) {
    this.profile = profile;
    this.ledger = ledger;
    this.line = line;
    this.settings = settings;
    this.log = log;
  }

  /// Lets go of calls that a later one has undone or done anew.
  ///
  /// @return what is left
  ReplayRecord compacted() {
    ReplayRecord record = ReplayRecord.of(ledger.replayable().stream(), profile);
    if (!record.superseded().isEmpty()) {
      ledger.dropReplay(record.superseded());
    }
    return record;
  }

  /// Replays.
  ///
  /// @return what came of it
  /// @throws UpstreamBroken when the conversation broke meanwhile: the next one begins anew
  ConnectionEvent.Replayed replay(UpstreamSession session, Connection connection)
      throws UpstreamBroken, InterruptedException {
    ReplayRecord record = compacted();
    if (record.calls().isEmpty()) {
      // Nothing is known that could be made again.
      return new ConnectionEvent.Replayed(!ledger.mayHoldState(), JsonObject.EMPTY, null);
    }
    Optional<String> unsure = session.unsure();
    if (unsure.isPresent()) {
      return new ConnectionEvent.Replayed(
          false, JsonObject.EMPTY, "its calls were not made again, since " + unsure.get());
    }
    Set<CallId> skipped = new HashSet<>();
    deaths.forEach((id, times) -> {
      if (times >= DEATHS) {
        skipped.add(id);
      }
    });
    var rebinding = new Rebinding(profile);
    List<Call> calls = record.without(skipped).calls();
    for (Call call : calls) {
      Optional<String> stopped = again(session, call, rebinding);
      if (stopped.isPresent()) {
        return new ConnectionEvent.Replayed(
            false,
            rebinding.result().toJson(),
            "the replay stopped at the call of " + call.target() + ": " + stopped.get());
      }
    }
    log.info(
        "replayed "
            + calls.size()
            + " calls into the server "
            + connection.id()
            + ", started anew");
    boolean whole =
        calls.size() == record.calls().size() && connection.memory().replayIncomplete() == null;
    return new ConnectionEvent.Replayed(
        whole,
        rebinding.result().toJson(),
        calls.size() == record.calls().size()
            ? null
            : (record.calls().size() - calls.size())
                + " calls under which the server died again and again were left out");
  }

  /// Makes one call again.
  ///
  /// @return why the replay stops here
  private Optional<String> again(UpstreamSession session, Call call, Rebinding rebinding)
      throws UpstreamBroken, InterruptedException {
    String params = call.params();
    String outcome = call.outcome();
    String tool = call.target();
    if (params == null || outcome == null || tool == null) {
      return Optional.of("its arguments or its result are not kept");
    }
    RawObject now = Rewriting.raw(rebinding.toServer(params));
    line.enter();
    try {
      return switch (session.request(
          UpstreamRequest.of(call.method(), now, settings.callMillis()))) {
        case RawAnswer.Result(RawObject result) -> {
          deaths.remove(call.id()); // whatever the server died of, it was not this
          yield rebinding.bind(tool, outcome, Rewriting.text(result));
        }
        case RawAnswer.Refusal(RawObject error) ->
            Optional.of("the server refused it: " + error.text("message"));
      };
    } catch (UpstreamBroken e) {
      deaths.merge(call.id(), 1, Integer::sum);
      throw e;
    } catch (RequestFailed e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } finally {
      line.leave();
    }
  }
}
