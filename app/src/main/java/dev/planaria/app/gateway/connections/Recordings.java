package dev.planaria.app.gateway.connections;

import dev.planaria.app.gateway.replay.Profile;
import dev.planaria.app.gateway.replay.ProfileProposal;
import dev.planaria.app.gateway.replay.RunStudy;
import dev.planaria.app.gateway.upstreams.RawAnswer;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs of calls that somebody wants a profile proposed from. They are in memory alone, hold no
/// value of any argument or result, and outlive the conversation, the server and its clients, but
/// not this process. Thread-safe.
public final class Recordings {
  /// One takes some 3 MB at the most, and a person looks at one at a time.
  private static final int MOST = 8;

  private final RunStudy.Limits limits;
  private final Clock clock;
  private final Supplier<String> newSecret;
  private final Map<Key, Recording> recordings = new ConcurrentHashMap<>();

  private record Key(SessionId session, String server) {}

  /// A recording as it is now.
  ///
  /// @param sinceMillis when it began, Unix time
  /// @param untilMillis when it was ended; null while it goes on
  /// @param calls how many calls were looked at
  /// @param full which named limit it has reached; null while there is room
  public record View(
      SessionId session,
      String server,
      long sinceMillis,
      @Nullable Long untilMillis,
      int calls,
      @Nullable String full) {}

  private record Recording(RunStudy study, long sinceMillis, @Nullable Long untilMillis) {
    View view(Key key) {
      return new View(
          key.session, key.server, sinceMillis, untilMillis, study.calls(), study.full());
    }
  }

  /// @param limits of each
  /// @param clock tells when each began
  /// @param newSecret what nobody can guess
  Recordings(RunStudy.Limits limits, Clock clock, Supplier<String> newSecret) {
    this.limits = limits;
    this.clock = clock;
    this.newSecret = newSecret;
  }

  /// Begins one, in the place of what was recorded of that connection before.
  ///
  /// @throws Refusal when it is being recorded already, or too much is
  public synchronized View start(SessionId session, String server) {
    var key = new Key(session, server);
    Recording before = recordings.get(key);
    if (before != null && before.untilMillis == null) {
      throw new Refusal(
          Refusal.Code.WRONG_STATE,
          "the server " + server + " is being recorded already; --stop ends that recording");
    }
    if (before == null && recordings.size() >= MOST) {
      throw new Refusal(
          Refusal.Code.LIMIT_EXCEEDED,
          "there are "
              + MOST
              + " recordings already; forget one with planaria profile NAME --forget");
    }
    var begun = new Recording(new RunStudy(limits, newSecret.get()), now(), null);
    recordings.put(key, begun);
    return begun.view(key);
  }

  /// Ends one; what it has seen is kept.
  ///
  /// @throws Refusal when there is none
  public synchronized View stop(SessionId session, String server) {
    var key = new Key(session, server);
    Recording found = found(key);
    var ended =
        new Recording(
            found.study,
            found.sinceMillis,
            found.untilMillis == null ? Long.valueOf(now()) : found.untilMillis);
    recordings.put(key, ended);
    return ended.view(key);
  }

  /// Throws one away.
  ///
  /// @throws Refusal when there is none
  public synchronized View forget(SessionId session, String server) {
    var key = new Key(session, server);
    View last = found(key).view(key);
    recordings.remove(key);
    return last;
  }

  /// One of them.
  ///
  /// @throws Refusal when there is none
  public View of(SessionId session, String server) {
    var key = new Key(session, server);
    return found(key).view(key);
  }

  /// All of them, oldest first.
  public List<View> all() {
    return recordings.entrySet().stream()
        .map(entry -> entry.getValue().view(entry.getKey()))
        .sorted(Comparator.comparingLong(View::sinceMillis))
        .toList();
  }

  /// What is proposed on the strength of a recording.
  ///
  /// @param present what is said of the server already
  /// @param listed its tools, with what it says of each; empty when it could not be asked
  /// @throws Refusal when there is no recording, or no call was seen in it
  public ProfileProposal propose(
      SessionId session, String server, Profile present, Map<String, JsonObject> listed) {
    Recording found = found(new Key(session, server));
    if (found.study.calls() == 0) {
      throw new Refusal(
          Refusal.Code.WRONG_STATE,
          "no call of a tool of "
              + server
              + " was seen since its recording began; use the server through its client first");
    }
    return found.study.propose(present, new HashMap<>(listed));
  }

  private Recording found(Key key) {
    return Optional.ofNullable(recordings.get(key))
        .orElseThrow(() ->
            new Refusal(
                Refusal.Code.WRONG_STATE,
                "nothing of the server "
                    + key.server
                    + " is recorded in that session; planaria profile NAME --record begins a"
                    + " recording, which lasts until --stop, or as long as the daemon's worker"));
  }

  private long now() {
    return clock.nowMillis().getAsLong();
  }

  /// A call was answered by the server itself.
  ///
  /// @param annotations what the server says of its tools
  void note(Ledger ledger, Profile profile, Lists annotations, Ask ask, RawAnswer answer) {
    String tool = ask.target();
    if (recordings.isEmpty() || tool == null || !ask.method().equals(Ask.CALL)) {
      return;
    }
    Recording recording = recordings.get(new Key(ledger.session(), ledger.connectionId()));
    if (recording == null || recording.untilMillis != null) {
      return;
    }
    String params = Rewriting.text(ask.params());
    if (profile.isSensitive(tool, params)) {
      recording.study.passOver();
      return;
    }
    String outcome =
        answer instanceof RawAnswer.Result(RawObject result) ? Rewriting.text(result) : null;
    recording.study.note(
        new RunStudy.Observed(tool, params, outcome, annotations.annotations(tool)));
  }
}
