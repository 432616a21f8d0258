package dev.planaria.chaos.fault;

/// What can be done, whatever it is done to.
public sealed interface Fault {

  /// Its stable name in JSON, in reports and on the command line.
  String kind();

  /// A process ends at once (SIGKILL).
  record Kill() implements Fault {
    @Override
    public String kind() {
      return "kill";
    }
  }

  /// A process is stopped, and continued after the length (SIGSTOP, SIGCONT).
  record Pause() implements Fault {
    @Override
    public String kind() {
      return "pause";
    }
  }

  /// A process runs on and answers nothing until it is killed.
  record Hang() implements Fault {
    @Override
    public String kind() {
      return "hang";
    }
  }

  /// A connection is closed in an orderly way.
  record Drop() implements Fault {
    @Override
    public String kind() {
      return "drop";
    }
  }

  /// A connection is reset.
  record Reset() implements Fault {
    @Override
    public String kind() {
      return "reset";
    }
  }

  /// Nothing passes in either direction, and neither side is told.
  record HalfOpen() implements Fault {
    @Override
    public String kind() {
      return "half_open";
    }
  }

  /// Everything arrives, late.
  ///
  /// @param millis by how many milliseconds
  record Delay(long millis) implements Fault {
    @Override
    public String kind() {
      return "delay";
    }
  }

  /// Only so much passes.
  ///
  /// @param bytesPerSecond in each direction
  record RateLimit(long bytesPerSecond) implements Fault {
    @Override
    public String kind() {
      return "rate_limit";
    }
  }

  /// Random bytes stand in the middle of what was said.
  ///
  /// @param bytes how many
  record Garbage(int bytes) implements Fault {
    @Override
    public String kind() {
      return "garbage";
    }
  }

  /// One byte of a file becomes another.
  record FlipByte() implements Fault {
    @Override
    public String kind() {
      return "flip_byte";
    }
  }

  /// A page of a file (4,096 bytes) becomes zeros.
  record ZeroPage() implements Fault {
    @Override
    public String kind() {
      return "zero_page";
    }
  }

  /// A file ends earlier.
  record Truncate() implements Fault {
    @Override
    public String kind() {
      return "truncate";
    }
  }

  /// A file becomes what it was at the beginning of the workload.
  record OlderCopy() implements Fault {
    @Override
    public String kind() {
      return "older_copy";
    }
  }

  /// Writes fail for want of room until the length is over.
  record DiskFull() implements Fault {
    @Override
    public String kind() {
      return "disk_full";
    }
  }

  /// Each fsync takes longer.
  ///
  /// @param millis by how many milliseconds
  record SlowSync(long millis) implements Fault {
    @Override
    public String kind() {
      return "slow_sync";
    }
  }

  /// Each fsync fails until the length is over.
  record FailedSync() implements Fault {
    @Override
    public String kind() {
      return "failed_sync";
    }
  }

  /// What was not made durable is gone, or half of it.
  record PowerLoss() implements Fault {
    @Override
    public String kind() {
      return "power_loss";
    }
  }

  /// The wall clock jumps; when the fault has a length, it jumps back at its end.
  ///
  /// @param millis forward, or back when negative
  record ClockStep(long millis) implements Fault {
    @Override
    public String kind() {
      return "clock_step";
    }
  }

  /// Hardly any memory is left.
  ///
  /// @param bytes how much more than it has a process can still get
  record MemoryPressure(long bytes) implements Fault {
    @Override
    public String kind() {
      return "memory_pressure";
    }
  }

  /// A server ends as soon as it is asked something, again and again, until the length is over.
  record CrashLoop() implements Fault {
    @Override
    public String kind() {
      return "crash_loop";
    }
  }

  /// A server answers late.
  ///
  /// @param millis by how many milliseconds
  record SlowAnswers(long millis) implements Fault {
    @Override
    public String kind() {
      return "slow_answers";
    }
  }

  /// A server says what nobody asked for.
  ///
  /// @param messages how many notifications
  record Flood(int messages) implements Fault {
    @Override
    public String kind() {
      return "flood";
    }
  }

  /// A server answers with ids that nobody asked with, and twice.
  record Lie() implements Fault {
    @Override
    public String kind() {
      return "lie";
    }
  }
}
