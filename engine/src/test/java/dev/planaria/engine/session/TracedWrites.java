package dev.planaria.engine.session;

import dev.planaria.engine.storage.sqlite.SqliteStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The writes and syncs of a traced process in the order in which they happened, from which the
/// disk after a power loss at any moment can be made.
///
/// The trace is that of `strace -f -xx -y`: strings and paths in hexadecimal.
final class TracedWrites {

  private static final int SECTOR = 512;
  private static final String TEXT = "((?:\\\\x[0-9a-f]{2})*)";
  private static final Pattern CALL =
      Pattern.compile(
          "(\\d+) +(pwrite64|write|fsync|fdatasync|ftruncate)\\((\\d+)<" + TEXT + ">.*");
  private static final Pattern UNLINK = Pattern.compile("\\d+ +unlink\\(\"" + TEXT + "\".*");
  private static final Pattern DATA =
      Pattern.compile(".*, \"" + TEXT + "\", (\\d+)(?:, (\\d+))?.*");
  private static final Pattern LENGTH = Pattern.compile(".*>, (\\d+).*");
  private static final Pattern RESUMED =
      Pattern.compile("(\\d+) +<\\.\\.\\. (?:fsync|fdatasync) resumed>.*");

  /// One thing that happened.
  private sealed interface Event {
    /// Bytes were handed to the system.
    @SuppressWarnings("ArrayRecordComponent")
    record Wrote(String file, long offset, byte[] bytes) implements Event {}

    /// A file was cut.
    record Cut(String file, long length) implements Event {}

    /// Everything of a file that was written before is on disk.
    record Synced(String file) implements Event {}

    /// A file was removed.
    record Removed(String file) implements Event {}

    /// The process told somebody something.
    record Said(String text) implements Event {}
  }

  /// What a power loss does to writes that were not synced.
  enum Loss {
    /// None of them reached the disk.
    ALL,
    /// Each of them did or did not.
    SOME,
    /// Each sector of each of them did or did not.
    TORN
  }

  private final List<Event> events = new ArrayList<>();

  /// Reads a trace.
  ///
  /// @param directory whose files count
  TracedWrites(Path trace, Path directory) throws IOException {
    Map<String, String> syncing = new HashMap<>();
    for (String line : Files.readAllLines(trace, StandardCharsets.ISO_8859_1)) {
      Matcher call = CALL.matcher(line);
      Matcher unlink = UNLINK.matcher(line);
      Matcher resumed = RESUMED.matcher(line);
      if (call.matches()) {
        Path path = Path.of(text(call.group(4)));
        String file = directory.equals(path.getParent()) ? nameOf(path) : null;
        if (call.group(2).endsWith("sync") && line.contains("<unfinished")) {
          syncing.put(call.group(1), file == null ? "" : file);
        } else {
          add(call.group(2), call.group(3), file, line);
        }
      } else if (unlink.matches()) {
        events.add(new Event.Removed(nameOf(Path.of(text(unlink.group(1))))));
      } else if (resumed.matches()) {
        String file = Objects.requireNonNull(syncing.remove(resumed.group(1)));
        events.add(new Event.Synced(file));
      }
    }
  }

  private static String nameOf(Path path) {
    return Objects.requireNonNull(path.getFileName()).toString();
  }

  private void add(String call, String descriptor, @Nullable String file, String line) {
    Matcher data = DATA.matcher(line);
    Matcher length = LENGTH.matcher(line);
    if (call.equals("write") && descriptor.equals("1") && data.matches()) {
      events.add(new Event.Said(text(data.group(1))));
    } else if (file == null) {
      return;
    } else if (call.endsWith("sync")) {
      events.add(new Event.Synced(file));
    } else if (call.equals("pwrite64") && data.matches()) {
      events.add(new Event.Wrote(file, Long.parseLong(data.group(3)), bytes(data.group(1))));
    } else if (call.equals("ftruncate") && length.matches()) {
      events.add(new Event.Cut(file, Long.parseLong(length.group(1))));
    } else {
      throw new IllegalStateException("a call that is not understood: " + call);
    }
  }

  private static byte[] bytes(String escaped) {
    return HexFormat.of().parseHex(escaped.replace("\\x", ""));
  }

  private static String text(String escaped) {
    return new String(bytes(escaped), StandardCharsets.UTF_8);
  }

  /// How many moments there are.
  int moments() {
    return events.size();
  }

  /// What was said up to a moment, line by line.
  List<String> said(int moment) {
    var text = new StringBuilder();
    for (Event event : events.subList(0, moment)) {
      if (event instanceof Event.Said said) {
        text.append(said.text());
      }
    }
    return text.toString().lines().toList();
  }

  /// What is on disk at a moment, and what was written and is not.
  private record Disk(Map<String, byte[]> files, Map<String, List<Event>> pending) {}

  /// How many writes to the database and its log are not on disk at a moment.
  int unsynced(int moment) {
    return disk(moment, List.of()).pending.entrySet().stream()
        .filter(writes -> !writes.getKey().endsWith("-shm"))
        .filter(writes -> writes.getKey().startsWith(SqliteStore.DATABASE))
        .mapToInt(writes -> writes.getValue().size())
        .sum();
  }

  /// The files as a power loss at a moment leaves them.
  ///
  /// @param lying files whose syncs the disk only pretends to do
  Map<String, byte[]> after(int moment, Loss loss, List<String> lying, Random random) {
    Disk disk = disk(moment, lying);
    disk.pending.forEach((file, writes) -> {
      disk.files.putIfAbsent(file, new byte[0]);
      apply(surviving(writes, loss, random), file, disk.files);
    });
    return disk.files;
  }

  private Disk disk(int moment, List<String> lying) {
    var disk = new Disk(new TreeMap<>(), new TreeMap<>());
    for (Event event : events.subList(0, moment)) {
      switch (event) {
        case Event.Wrote wrote ->
            disk.pending.computeIfAbsent(wrote.file(), _ -> new ArrayList<>()).add(wrote);
        case Event.Cut cut ->
            disk.pending.computeIfAbsent(cut.file(), _ -> new ArrayList<>()).add(cut);
        case Event.Removed removed -> {
          disk.files.remove(removed.file());
          disk.pending.remove(removed.file());
        }
        case Event.Synced synced -> {
          if (!lying.contains(synced.file())) {
            apply(disk.pending.remove(synced.file()), synced.file(), disk.files);
          }
        }
        case Event.Said _ -> {}
      }
    }
    return disk;
  }

  private static List<Event> surviving(List<Event> writes, Loss loss, Random random) {
    return switch (loss) {
      case ALL -> List.of();
      case SOME -> writes.stream().filter(_ -> random.nextBoolean()).toList();
      case TORN -> {
        var sectors = new ArrayList<Event>();
        for (Event event : writes) {
          if (event instanceof Event.Wrote wrote) {
            for (int from = 0; from < wrote.bytes().length; from += SECTOR) {
              int to = Math.min(from + SECTOR, wrote.bytes().length);
              byte[] sector = Arrays.copyOfRange(wrote.bytes(), from, to);
              sectors.add(new Event.Wrote(wrote.file(), wrote.offset() + from, sector));
            }
          } else {
            sectors.add(event);
          }
        }
        yield sectors.stream().filter(_ -> random.nextBoolean()).toList();
      }
    };
  }

  private static void apply(@Nullable List<Event> writes, String file, Map<String, byte[]> disk) {
    byte[] content = disk.getOrDefault(file, new byte[0]);
    for (Event event : writes == null ? List.<Event>of() : writes) {
      if (event instanceof Event.Wrote wrote) {
        int end = (int) wrote.offset() + wrote.bytes().length;
        content = Arrays.copyOf(content, Math.max(content.length, end));
        System.arraycopy(wrote.bytes(), 0, content, (int) wrote.offset(), wrote.bytes().length);
      } else if (event instanceof Event.Cut cut) {
        content = Arrays.copyOf(content, (int) cut.length());
      }
    }
    if (writes != null) {
      disk.put(file, content);
    }
  }
}
