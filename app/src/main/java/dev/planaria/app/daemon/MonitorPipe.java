package dev.planaria.app.daemon;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// The pipes between a worker and the process monitor in the front: out go JSON objects, one a
/// line; in come orders, one a line, and the end of the input when the front is gone. Thread-safe.
final class MonitorPipe {
  private final BufferedReader in;
  private final PrintStream out;

  /// Why a worker ends.
  enum Order {
    /// The monitor said so.
    DRAIN,
    /// There is no monitor any more.
    ORPHANED
  }

  MonitorPipe(InputStream in, PrintStream out) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    this.out = out;
  }

  /// The first request can be answered.
  void ready() {
    say(JsonObject.builder().put("event", "ready").build());
  }

  /// The worker cannot serve and is about to exit.
  ///
  /// @param reason why, in a sentence for the operator
  void refused(String reason) {
    say(JsonObject.builder().put("event", "refused").put("reason", reason).build());
  }

  /// All is well.
  ///
  /// @param state what the worker is doing, in a few words
  void heartbeat(String state) {
    say(JsonObject.builder().put("event", "heartbeat").put("state", state).build());
  }

  /// Everything is put away; the next that follows is the exit.
  void clean() {
    say(JsonObject.builder().put("event", "clean").build());
  }

  private synchronized void say(JsonObject event) {
    out.print(Json.write(event) + "\n");
    out.flush();
  }

  /// Waits until the worker is to end.
  Order awaitOrder() {
    try {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.equals("drain")) {
          return Order.DRAIN;
        }
      }
      return Order.ORPHANED;
    } catch (IOException e) {
      return Order.ORPHANED; // a pipe that breaks has nobody at its other end
    }
  }
}
