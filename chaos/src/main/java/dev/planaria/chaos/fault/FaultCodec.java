package dev.planaria.chaos.fault;

import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.WireName;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Faults as JSON: `{"fault": "delay", "target": "client_link", "millis": 250, "start_millis":
/// 1000, "length_millis": 5000}`. What a fault needs beyond its name stands beside it; the two
/// times may be left out and are 0 then. Thread-safe.
public final class FaultCodec {

  /// An hour: no experiment lasts longer.
  private static final long LONGEST_MILLIS = 3_600_000;

  /// 1 GiB: as much as one fault may send, let pass or take away.
  private static final int MOST_BYTES = 1 << 30;

  private static final int MOST_MESSAGES = 10_000_000;

  private FaultCodec() {}

  /// The names of all faults; a constant's wire name is the fault's [Fault#kind].
  private enum Kind {
    KILL,
    PAUSE,
    HANG,
    DROP,
    RESET,
    HALF_OPEN,
    DELAY,
    RATE_LIMIT,
    GARBAGE,
    FLIP_BYTE,
    ZERO_PAGE,
    TRUNCATE,
    OLDER_COPY,
    DISK_FULL,
    SLOW_SYNC,
    FAILED_SYNC,
    POWER_LOSS,
    CLOCK_STEP,
    MEMORY_PRESSURE,
    CRASH_LOOP,
    SLOW_ANSWERS,
    FLOOD,
    LIE
  }

  /// The names of all faults, in the order in which [Fault] has them.
  public static List<String> kinds() {
    return WireName.all(Kind.class);
  }

  /// One of each kind, where it needs a figure with a figure of 1; to ask what can be done.
  public static List<Fault> examples() {
    return Stream.of(Kind.values()).map(FaultCodec::example).toList();
  }

  private static Fault example(Kind kind) {
    JsonObject figures =
        JsonObject.builder()
            .put("millis", 1)
            .put("bytes_per_second", 1)
            .put("bytes", 1)
            .put("messages", 1)
            .build();
    return fault(Fields.of(figures), kind);
  }

  /// Writes one.
  public static JsonObject toJson(FaultSpec spec) {
    var object = JsonObject.builder();
    object.put("fault", spec.fault().kind()).put("target", WireName.of(spec.target()));
    switch (spec.fault()) {
      case Fault.Delay(long millis) -> object.put("millis", millis);
      case Fault.RateLimit(long bytesPerSecond) -> object.put("bytes_per_second", bytesPerSecond);
      case Fault.Garbage(int bytes) -> object.put("bytes", bytes);
      case Fault.SlowSync(long millis) -> object.put("millis", millis);
      case Fault.ClockStep(long millis) -> object.put("millis", millis);
      case Fault.MemoryPressure(long bytes) -> object.put("bytes", bytes);
      case Fault.SlowAnswers(long millis) -> object.put("millis", millis);
      case Fault.Flood(int messages) -> object.put("messages", messages);
      case Fault.Kill(), Fault.Pause(), Fault.Hang(), Fault.Drop(), Fault.Reset() -> {}
      case Fault.HalfOpen(), Fault.FlipByte(), Fault.ZeroPage(), Fault.Truncate() -> {}
      case Fault.OlderCopy(), Fault.DiskFull(), Fault.FailedSync(), Fault.PowerLoss() -> {}
      case Fault.CrashLoop(), Fault.Lie() -> {}
    }
    return object
        .put("start_millis", spec.startMillis())
        .put("length_millis", spec.lengthMillis())
        .build();
  }

  /// Reads one.
  ///
  /// @throws dev.planaria.engine.json.FieldException when it is not one; the message names the
  ///   member and the rule
  public static FaultSpec read(Fields fields) {
    Fault fault = fault(fields, fields.requiredEnum("fault", Kind.class));
    var spec =
        new FaultSpec(
            fault,
            fields.requiredEnum("target", Target.class),
            orZero(fields.optionalLong("start_millis", 0, LONGEST_MILLIS)),
            orZero(fields.optionalLong("length_millis", 0, LONGEST_MILLIS)));
    fields.refuseUnknown();
    return spec;
  }

  private static Fault fault(Fields fields, Kind kind) {
    return switch (kind) {
      case KILL -> new Fault.Kill();
      case PAUSE -> new Fault.Pause();
      case HANG -> new Fault.Hang();
      case DROP -> new Fault.Drop();
      case RESET -> new Fault.Reset();
      case HALF_OPEN -> new Fault.HalfOpen();
      case DELAY -> new Fault.Delay(fields.requiredLong("millis", 1, LONGEST_MILLIS));
      case RATE_LIMIT ->
          new Fault.RateLimit(fields.requiredLong("bytes_per_second", 1, MOST_BYTES));
      case GARBAGE -> new Fault.Garbage(fields.requiredInt("bytes", 1, MOST_BYTES));
      case FLIP_BYTE -> new Fault.FlipByte();
      case ZERO_PAGE -> new Fault.ZeroPage();
      case TRUNCATE -> new Fault.Truncate();
      case OLDER_COPY -> new Fault.OlderCopy();
      case DISK_FULL -> new Fault.DiskFull();
      case SLOW_SYNC -> new Fault.SlowSync(fields.requiredLong("millis", 1, LONGEST_MILLIS));
      case FAILED_SYNC -> new Fault.FailedSync();
      case POWER_LOSS -> new Fault.PowerLoss();
      case CLOCK_STEP ->
          new Fault.ClockStep(fields.requiredLong("millis", -LONGEST_MILLIS, LONGEST_MILLIS));
      case MEMORY_PRESSURE -> new Fault.MemoryPressure(fields.requiredLong("bytes", 1, MOST_BYTES));
      case CRASH_LOOP -> new Fault.CrashLoop();
      case SLOW_ANSWERS -> new Fault.SlowAnswers(fields.requiredLong("millis", 1, LONGEST_MILLIS));
      case FLOOD -> new Fault.Flood(fields.requiredInt("messages", 1, MOST_MESSAGES));
      case LIE -> new Fault.Lie();
    };
  }

  private static long orZero(@Nullable Long value) {
    return value == null ? 0 : value;
  }
}
