package dev.planaria.app.gateway.connections;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// A server with a state that some calls build up and its end loses, and the link to it. It says
/// when a call meets it without its state, or in another order than it was accepted.
final class RememberingServer {

  /// A call.
  ///
  /// @param number its place among all calls
  /// @param builds true when it builds up state
  record Call(int number, boolean builds) {}

  boolean up = true;

  /// True: it answers nothing.
  boolean hangs;

  private final Consumer<String> violate;
  private final List<Integer> built = new ArrayList<>();
  private final List<Integer> knows = new ArrayList<>();
  private int process = 1;
  private int session = 1;
  private int link;
  private int newestRun;
  private int run;

  /// @param violate told what must not be
  RememberingServer(Consumer<String> violate) {
    this.violate = violate;
  }

  /// Another number is another link; what was on the one before is lost.
  int link() {
    return link;
  }

  void newLink() {
    link++;
  }

  /// Another number is another process.
  int process() {
    return process;
  }

  String session() {
    return "s" + session;
  }

  /// Begins a session that knows nothing.
  void newSession() {
    session++;
    knows.clear();
  }

  /// Its process ends, and another one begins when it is launched.
  void end() {
    process++;
    newSession();
  }

  /// The calls that have built up state, in order.
  List<Integer> built() {
    return List.copyOf(built);
  }

  /// Builds up again what a call had built up before.
  void rebuild(int number) {
    knows.add(number);
  }

  /// Runs a call.
  void run(Call call) {
    run++;
    if (!knows.equals(built)) {
      violate.accept(call + " was run by a server that knows " + knows + " of " + built);
    }
    if (call.number() < newestRun) {
      violate.accept(call + " was run after " + newestRun);
    }
    newestRun = call.number();
    if (call.builds()) {
      knows.add(call.number());
      built.add(call.number());
    }
  }

  /// How many calls it has run.
  int runs() {
    return run;
  }
}
