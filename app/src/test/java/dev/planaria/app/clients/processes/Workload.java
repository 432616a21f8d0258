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
public record Workload(String run, long seed, int inFlight, String mix, boolean repeat) {

  /// Calls of all kinds, eight at a time, never repeated: whoever is promised an answer waits.
  public static Workload of(String run, long seed) {
    return new Workload(run, seed, 8, "mixed", false);
  }

  /// The same with repeats, and without calls that must not be repeated.
  public Workload repeating() {
    return new Workload(run, seed, inFlight, "repeatable", true);
  }

  List<String> commandFor(List<String> program, String url) {
    var command = new ArrayList<>(program);
    command.addAll(List.of("--url", url, "--run", run, "--seed", Long.toString(seed)));
    command.addAll(List.of("--in-flight", Integer.toString(inFlight), "--mix", mix));
    if (repeat) {
      command.add("--repeat");
    }
    return command;
  }
}
