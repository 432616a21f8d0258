package dev.planaria.app.clients.processes;

import java.util.ArrayList;
import java.util.List;

/// What a client shall do; `app/src/test/node/ledger/workload.mjs` says what the mixes are.
///
/// @param run a name that no other run on the same store has
/// @param seed decides the calls
/// @param inFlight how many calls are open at any time
/// @param mix which calls
/// @param repeat whether calls whose promise is rejected are repeated under the same operation id
/// @param timeoutMillis how long the client waits for an answer
public record Workload(
    String run, long seed, int inFlight, String mix, boolean repeat, long timeoutMillis) {

  private static final int IN_FLIGHT = 8;
  private static final long TIMEOUT_MILLIS = 30_000;

  /// Calls of all kinds, never repeated: whoever is promised an answer waits.
  public static Workload of(String run, long seed) {
    return new Workload(run, seed, IN_FLIGHT, "mixed", false, TIMEOUT_MILLIS);
  }

  /// Only calls that may be repeated, and repeated they are.
  public Workload repeating() {
    return new Workload(run, seed, inFlight, "repeatable", true, timeoutMillis);
  }

  /// The same with other calls.
  public Workload withMix(String other) {
    return new Workload(run, seed, inFlight, other, repeat, timeoutMillis);
  }

  /// The same with another number of open calls.
  public Workload withInFlight(int other) {
    return new Workload(run, seed, other, mix, repeat, timeoutMillis);
  }

  /// The same with another patience.
  public Workload withTimeoutMillis(long other) {
    return new Workload(run, seed, inFlight, mix, repeat, other);
  }

  List<String> commandFor(List<String> program, String url) {
    var command = new ArrayList<>(program);
    command.addAll(List.of("--url", url, "--run", run, "--seed", Long.toString(seed)));
    command.addAll(List.of("--in-flight", Integer.toString(inFlight), "--mix", mix));
    command.addAll(List.of("--timeout-millis", Long.toString(timeoutMillis)));
    if (repeat) {
      command.add("--repeat");
    }
    return command;
  }
}
