package dev.planaria.app.front;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Calls during which the worker is killed with -9 at a named point, and what the client must see
/// of it: nothing. The breaches are returned, not thrown, so that a negative control can expect
/// them.
final class Promises {

  private static final List<String> CALL_PHASES =
      List.of("before-work", "after-work", "in-head", "in-body", "after-answer");

  private static final List<String> STREAM_PHASES =
      List.of(
          "before-head",
          "after-head",
          "after-primer",
          "mid-stream",
          "mid-event",
          "before-work",
          "after-work",
          "after-result");

  private static final int EVENTS = 4;

  private final FrontProcess front;
  private final List<String> breaches = new ArrayList<>();

  Promises(FrontProcess front) {
    this.front = front;
  }

  /// Goes through every phase so often.
  List<String> tryAllPhases(int rounds) throws Exception {
    for (var round = 0; round < rounds; round++) {
      for (var phase : CALL_PHASES) {
        tryCall(phase, "c" + round);
      }
      for (var phase : STREAM_PHASES) {
        tryStream(phase, "s" + round);
      }
    }
    checkNothingRanTwice();
    return breaches;
  }

  /// How often each phase was really hit.
  static Map<String, Long> hits(FrontProcess front) throws IOException {
    var hits = new TreeMap<String, Long>();
    for (var line : front.ledger()) {
      if (line.startsWith("note died ")) {
        hits.merge(line.substring("note died ".length()), 1L, Long::sum);
      }
    }
    return hits;
  }

  /// Every phase there is.
  static List<String> phases() {
    var all = new ArrayList<>(CALL_PHASES);
    all.addAll(STREAM_PHASES);
    return all.stream().distinct().toList();
  }

  private void tryCall(String phase, String key) throws Exception {
    var before = front.generation();
    try (var client = front.connect()) {
      client.send(request("/call?ms=5&key=" + key + "&die=" + phase));
      var reply = client.readReply();
      if (reply.status() != 200 || !reply.body().endsWith("\"key\":\"" + key + "\"}")) {
        breaches.add("call, " + phase + ": " + reply);
      }
    } catch (IOException e) {
      breaches.add("call, " + phase + ": " + e);
    }
    awaitDeath("call, " + phase, before);
  }

  private void tryStream(String phase, String key) throws Exception {
    var before = front.generation();
    var target = "/stream?ms=5&events=" + EVENTS + "&key=" + key + "&die=" + phase;
    try (var client = front.connect()) {
      client.send(request(target));
      var reply = client.readReply();
      var seen = ids(reply.body());
      if (reply.status() != 200
          || !seen.equals(List.of("0", "1", "2", "3", "4", "5"))
          || !reply.body().endsWith("\"key\":\"" + key + "\"}\n\n")) {
        breaches.add("stream, " + phase + ": " + reply.status() + ", events " + seen);
      }
    } catch (IOException e) {
      breaches.add("stream, " + phase + ": " + e);
    }
    awaitDeath("stream, " + phase, before);
  }

  /// The answer may be faster than the death, which must not hit the next call.
  private void awaitDeath(String what, long before) throws InterruptedException {
    if (!FrontProcess.eventually(() -> front.generation() > before && front.isReady())) {
      breaches.add(what + ": nobody died");
    }
  }

  private void checkNothingRanTwice() throws IOException {
    var stamps = new ArrayList<String>();
    for (var line : front.ledger()) {
      if (line.startsWith("done ")) {
        var stamp = line.split(" ", 3)[1];
        if (stamps.contains(stamp)) {
          breaches.add("ran twice: " + stamp);
        }
        stamps.add(stamp);
      }
    }
  }

  static String request(String target) {
    return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";
  }

  /// The ids of the events in a stream, in order.
  static List<String> ids(String events) {
    return events.lines().filter(line -> line.startsWith("id: ")).map(l -> l.substring(4)).toList();
  }
}
