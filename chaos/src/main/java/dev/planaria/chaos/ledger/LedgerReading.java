package dev.planaria.chaos.ledger;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonSyntaxException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a ledger says that was taken down as a file, also when the process that kept it died in the
/// middle of a line. It is no verdict: nobody has held it against a store. Immutable.
///
/// @param experiment whose ledger it is
/// @param seed the run's
/// @param closed false when whoever kept it did not come to the run's end
/// @param torn true when the last line is not whole
/// @param ends for each call that was sent the event that ended it, or `sent` when none did
public record LedgerReading(
    String experiment, long seed, boolean closed, boolean torn, Map<String, String> ends) {

  /// What a call is that has no outcome.
  public static final String OPEN = "sent";

  /// A line has a call's arguments, or a reason: far less.
  private static final int MOST_LINE_BYTES = 1 << 20;

  private static final int TEXT_CHARACTERS = 1_024;

  /// Copies the map.
  public LedgerReading {
    ends = Map.copyOf(ends);
  }

  /// Reads one.
  ///
  /// @throws IOException when it cannot be read, is no ledger, or holds more than a ledger takes
  public static LedgerReading of(Path file) throws IOException {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      return new Reader(file, in).read();
    }
  }

  /// How many calls ended with that event; with [#OPEN], how many did not.
  public long count(String event) {
    return ends.values().stream().filter(event::equals).count();
  }

  /// What is known of the run, in a sentence.
  public String sentence() {
    return ends.size()
        + " calls were sent, "
        + count("acknowledged")
        + " acknowledged, "
        + count("refused")
        + " refused, "
        + count("unknown")
        + " of unknown outcome, "
        + count("stuck")
        + " given up, "
        + count(OPEN)
        + " without an answer"
        + (torn ? "; its last line is torn" : "");
  }

  /// Holds it against the ledger that was kept in memory: two that differ are both worth nothing.
  ///
  /// @throws IOException when they differ
  public void requireSame(List<Line> lines) throws IOException {
    boolean same = lines.size() == ends.size() && !torn;
    for (Line line : lines) {
      same &= LedgerLines.event(line.outcome()).equals(ends.get(line.ask().operationId()));
    }
    if (!same) {
      throw new IOException(
          "the ledger that was taken down says something else than the one in memory: " + this);
    }
  }

  /// Never shows every call.
  @Override
  public String toString() {
    return experiment + ", seed " + seed + ": " + sentence();
  }

  /// Reads line after line.
  private static final class Reader {
    private final Path file;
    private final InputStream in;
    private final Map<String, String> ends = new HashMap<>();
    private long number;
    private boolean torn;

    Reader(Path file, InputStream in) {
      this.file = file;
      this.in = in;
    }

    LedgerReading read() throws IOException {
      byte[] first = line();
      if (first.length == 0 || torn) {
        throw wrong("it has no first line");
      }
      Fields head = parsed(first);
      String format = text(head, "format");
      if (!format.equals(LedgerFile.FORMAT)) {
        throw wrong("`format` must be " + LedgerFile.FORMAT);
      }
      String experiment = text(head, "experiment");
      long seed = whole(head, "seed");
      boolean closed = false;
      byte[] line = line();
      while (line.length > 0 && !torn) {
        closed = event(parsed(line));
        line = line();
      }
      return new LedgerReading(experiment, seed, closed, torn, ends);
    }

    /// True for the line behind which none comes.
    private boolean event(Fields line) throws IOException {
      String event = text(line, "event");
      if (event.equals(LedgerFile.CLOSED)) {
        return true;
      }
      String operation = text(line, "operation_id");
      switch (event) {
        case OPEN -> {
          if (ends.size() == Ledger.MOST_LINES) {
            throw wrong("it holds more than " + Ledger.MOST_LINES + " calls");
          }
          ends.put(operation, OPEN);
        }
        case "sent_again" -> requireSent(operation);
        case "acknowledged", "refused", "unknown", "stuck" -> {
          requireSent(operation);
          ends.put(operation, event);
        }
        default -> throw wrong("no ledger has the event " + event);
      }
      return false;
    }

    private void requireSent(String operation) throws IOException {
      if (!ends.containsKey(operation)) {
        throw wrong(operation + " was never sent");
      }
    }

    /// The next line without its end; empty when there is none.
    private byte[] line() throws IOException {
      var bytes = new ByteArrayOutputStream();
      int one = in.read();
      while (one >= 0 && one != '\n') {
        bytes.write(one);
        if (bytes.size() > MOST_LINE_BYTES) {
          throw wrong("a line is longer than " + MOST_LINE_BYTES + " bytes");
        }
        one = in.read();
      }
      number++;
      torn = one < 0 && bytes.size() > 0;
      if (one == '\n' && bytes.size() == 0) {
        throw wrong("a line is empty");
      }
      return bytes.toByteArray();
    }

    private Fields parsed(byte[] line) throws IOException {
      try {
        return Fields.of(Json.parseObject(line, JsonLimits.DEFAULT));
      } catch (JsonSyntaxException malformed) {
        throw wrong(String.valueOf(malformed.getMessage()));
      }
    }

    private String text(Fields line, String name) throws IOException {
      try {
        return line.requiredText(name, TEXT_CHARACTERS);
      } catch (FieldException wrong) {
        throw wrong(String.valueOf(wrong.getMessage()));
      }
    }

    private long whole(Fields line, String name) throws IOException {
      try {
        return line.requiredLong(name, Long.MIN_VALUE, Long.MAX_VALUE);
      } catch (FieldException wrong) {
        throw wrong(String.valueOf(wrong.getMessage()));
      }
    }

    private IOException wrong(String what) {
      return new IOException(file + " is no ledger: line " + number + ": " + what);
    }
  }
}
