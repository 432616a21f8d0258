package dev.planaria.app.dashboard;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// Figures of the last hour of this process, for the charts. What outlives the process is in the
/// KPIs. Thread-safe.
final class Samples {
  private final int most;
  private final Deque<Sample> samples = new ArrayDeque<>();

  /// @param most are kept; the oldest goes
  Samples(int most) {
    this.most = most;
  }

  /// Figures at one moment.
  ///
  /// @param atMillis Unix time
  /// @param operations written since the process began
  /// @param frames written since the process began
  /// @param queued calls that wait for a server
  /// @param heapBytes in use
  record Sample(long atMillis, long operations, long frames, long queued, long heapBytes) {}

  synchronized void add(Sample sample) {
    samples.addLast(sample);
    if (samples.size() > most) {
      samples.removeFirst();
    }
  }

  /// All of them, as columns.
  synchronized JsonObject toJson() {
    var at = new ArrayList<JsonValue>();
    var rate = new ArrayList<JsonValue>();
    var batch = new ArrayList<JsonValue>();
    var queued = new ArrayList<JsonValue>();
    var heap = new ArrayList<JsonValue>();
    Sample before = null;
    for (Sample sample : samples) {
      if (before != null && sample.atMillis() > before.atMillis()) {
        long operations = sample.operations() - before.operations();
        long frames = sample.frames() - before.frames();
        at.add(JsonNumber.of(sample.atMillis()));
        rate.add(decimal(operations * 1000.0 / (sample.atMillis() - before.atMillis())));
        batch.add(decimal(frames == 0 ? 0 : (double) operations / frames));
        queued.add(JsonNumber.of(sample.queued()));
        heap.add(JsonNumber.of(sample.heapBytes()));
      }
      before = sample;
    }
    return columns(
        List.of("at", "operations_per_second", "operations_per_frame", "queued", "heap_bytes"),
        List.of(at, rate, batch, queued, heap));
  }

  private static JsonObject columns(List<String> names, List<List<JsonValue>> columns) {
    JsonObject.Builder json = JsonObject.builder();
    for (int i = 0; i < names.size(); i++) {
      json.put(names.get(i), new JsonArray(columns.get(i)));
    }
    return json.build();
  }

  private static JsonNumber decimal(double value) {
    return new JsonNumber(Double.toString(Math.round(value * 100) / 100.0));
  }
}
