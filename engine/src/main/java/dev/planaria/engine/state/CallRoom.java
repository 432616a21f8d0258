package dev.planaria.engine.state;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Room in the ledger of calls: which ended calls make place for a new or changed one, and whether
/// there is place at all. Pure.
final class CallRoom {

  private CallRoom() {}

  /// The calls that are forgotten when a call is put in the place of another (null: of none): of
  /// those that have ended, the oldest first, as many as it takes. One of unknown outcome is never
  /// among them: who asks for it must not hear that nothing is known.
  static List<CallId> forgotten(
      SessionState state, @Nullable Call before, Call after, Limits limits) {
    CallBoard board = state.indexes().calls();
    CallBoard then = board.moved(before, after);
    int tooMany = then.counts().total() - limits.calls().perSession();
    long tooLong = then.totalBytes() - limits.calls().perSessionBytes();
    long tooMuchKept = then.keptBytes() - limits.calls().resultBytes();
    var forgotten = new ArrayList<CallId>();
    int looks = limits.sweepItems();
    for (CallBoard.End end : board.kept()) {
      if ((tooMany <= 0 && tooLong <= 0 && tooMuchKept <= 0) || looks-- == 0) {
        break;
      }
      Call call = state.calls().get(end.id());
      if (call == null || call.status() == CallStatus.UNKNOWN || call.id().equals(after.id())) {
        continue;
      }
      long weight = Weight.of(call);
      forgotten.add(call.id());
      tooMany--;
      tooLong -= weight;
      tooMuchKept -= weight;
    }
    return forgotten;
  }

  /// Refuses a new call for which there is no place even so.
  static void require(SessionState state, Call call, List<CallId> forgotten, CallLimits limits) {
    CallBoard board = state.indexes().calls();
    if (board.counts().total() + 1 - forgotten.size() > limits.perSession()) {
      throw Check.overLimit(
          "the session has "
              + board.counts().total()
              + " calls already that wait, run, are of unknown outcome or are kept for replay",
          "calls.perSession");
    }
    long bytes = board.totalBytes() + Weight.of(call);
    for (CallId id : forgotten) {
      bytes -= Weight.of(state.calls().get(id));
    }
    if (bytes > limits.perSessionBytes()) {
      throw Check.overLimit(
          "the calls of the session would take more than " + limits.perSessionBytes() + " bytes",
          "calls.perSessionBytes");
    }
  }

  /// Why a call that was completed cannot be kept for replay, in a sentence; null when it can.
  static @Nullable String noReplay(SessionState state, Call call, Limits limits) {
    CallBoard.Line line = state.indexes().calls().line(call.connectionId());
    CallLimits calls = limits.calls();
    if (call.outcome() == null) {
      return why(call, "its result was too long to be kept", "oneCallBytes");
    }
    if (line.replay().size() >= calls.replayed()) {
      return why(call, calls.replayed() + " calls are kept already", "replayed");
    }
    if (line.replayBytes() + Weight.of(call) > calls.replayedBytes()) {
      return why(
          call, "they would take more than " + calls.replayedBytes() + " bytes", "replayedBytes");
    }
    if (state.indexes().calls().totalBytes() + Weight.of(call) > calls.perSessionBytes()) {
      return why(
          call,
          "the calls of the session would take more than " + calls.perSessionBytes() + " bytes",
          "perSessionBytes");
    }
    return null;
  }

  private static String why(Call call, String what, String setting) {
    return "replay incomplete: from call "
        + call.order()
        + " on not all calls that build up state are kept, since "
        + what
        + " (setting `limits.calls."
        + setting
        + "`)";
  }
}
