package dev.planaria.chaos.power;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads what `strace -f -ttt -xx -y` has written (strace(1)): a line for each system call, or two
/// when another thread's came between its beginning and its end; strings and paths in hexadecimal.
final class TraceReader {

  private static final Pattern LINE = Pattern.compile("(\\d+) +(\\d+)\\.(\\d{6}) (.*)");
  private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. (\\w+) resumed>.*");

  /// A descriptor with the file behind it, at the beginning of the arguments.
  private static final Pattern FILE = Pattern.compile("\\d+<([^>]*)>.*");

  private static final Pattern OPENED = Pattern.compile(".*\\) += \\d+<([^>]*)>");

  private static final Pattern NUMBER = Pattern.compile("\\d+");

  /// A call that failed has done nothing.
  private static final Pattern FAILED = Pattern.compile("\\) += -1 E");

  /// A sync that was cut short by the end of its process has promised nothing.
  private static final Pattern DONE = Pattern.compile("\\) += 0$");

  /// Where the result of a call stands, at the end of lines that may hold pages in hexadecimal.
  private static final int RESULT_CHARACTERS = 200;

  private final Path directory;
  private final Predicate<String> wanted;
  private final List<FileEvent> events = new ArrayList<>();
  private final List<Long> micros = new ArrayList<>();

  /// How far each file was written by calls that do not say where.
  private final Map<String, Long> positions = new HashMap<>();

  /// Syncs that have begun and not ended, by thread.
  private final Map<String, FileEvent.Synced> syncing = new HashMap<>();

  private TraceReader(Path directory, Predicate<String> wanted) {
    this.directory = directory;
    this.wanted = wanted;
  }

  /// Reads a trace.
  ///
  /// @param trace the file
  /// @param directory whose files count, as the traced process names it
  /// @param wanted which of them, by their paths below it
  /// @param before what they held, see [Trace]
  /// @throws IOException when it cannot be read, or holds what is not understood
  static Trace read(
      Path trace, Path directory, Predicate<String> wanted, Map<String, byte[]> before)
      throws IOException {
    var reader = new TraceReader(directory, wanted);
    try (BufferedReader lines = Files.newBufferedReader(trace, StandardCharsets.ISO_8859_1)) {
      String line = lines.readLine();
      while (line != null) {
        reader.line(line);
        line = lines.readLine();
      }
    }
    return new Trace(before, reader.events, reader.micros);
  }

  private void line(String line) throws IOException {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      return; // a signal, or the end of a thread
    }
    String thread = parts.group(1);
    long at = Long.parseLong(parts.group(2)) * 1_000_000 + Long.parseLong(parts.group(3));
    String what = parts.group(4);
    Matcher resumed = RESUMED.matcher(what);
    if (resumed.matches()) {
      FileEvent.Synced sync = syncing.remove(thread);
      if (sync != null && resumed.group(1).endsWith("sync") && DONE.matcher(what).find()) {
        add(sync, at);
      } else if (resumed.group(1).equals("openat")) {
        opened(what);
      }
      return;
    }
    int open = what.indexOf('(');
    if (open > 0 && !failed(what)) {
      call(thread, at, what.substring(0, open), what.substring(open + 1));
    }
  }

  private static boolean failed(String what) {
    return FAILED.matcher(what.substring(Math.max(0, what.length() - RESULT_CHARACTERS))).find();
  }

  private void call(String thread, long at, String call, String arguments) throws IOException {
    switch (call) {
      case "openat" -> opened(arguments);
      case "unlink", "unlinkat" -> removed(arguments, at);
      case "rename", "renameat", "renameat2" -> renamed(arguments, at);
      default -> {
        Matcher file = FILE.matcher(arguments);
        String name = file.matches() ? name(text(file.group(1))) : null;
        if (name != null) {
          done(thread, at, call, name, arguments);
        }
      }
    }
  }

  private void done(String thread, long at, String call, String file, String arguments)
      throws IOException {
    switch (call) {
      case "fsync", "fdatasync" -> {
        var sync = new FileEvent.Synced(file, events.size());
        if (arguments.contains("<unfinished")) {
          syncing.put(thread, sync);
        } else if (DONE.matcher(arguments).find()) {
          add(sync, at);
        }
      }
      case "ftruncate" ->
          add(new FileEvent.Cut(file, numbers(arguments, arguments.indexOf('>'))[0]), at);
      case "pwrite64" -> {
        byte[] bytes = written(arguments);
        add(
            new FileEvent.Wrote(file, numbers(arguments, arguments.lastIndexOf('"'))[1], bytes),
            at);
      }
      case "write" -> {
        byte[] bytes = written(arguments);
        long position = positions.getOrDefault(file, 0L);
        positions.put(file, position + bytes.length);
        add(new FileEvent.Wrote(file, position, bytes), at);
      }
      default -> throw new IOException("the trace holds a call that is not understood: " + call);
    }
  }

  private void add(FileEvent event, long at) {
    events.add(event);
    micros.add(at);
  }

  /// Whoever opens a file writes from its beginning, unless he says where.
  private void opened(String arguments) {
    Matcher file = OPENED.matcher(arguments);
    String name = file.matches() ? name(text(file.group(1))) : null;
    if (name != null) {
      positions.put(name, 0L);
    }
  }

  private void removed(String arguments, long at) {
    List<String> paths = strings(arguments);
    String name = paths.isEmpty() ? null : name(text(paths.getFirst()));
    if (name != null) {
      add(new FileEvent.Removed(name), at);
    }
  }

  private void renamed(String arguments, long at) throws IOException {
    List<String> paths = strings(arguments);
    String from = paths.size() < 2 ? null : name(text(paths.get(0)));
    String to = paths.size() < 2 ? null : name(text(paths.get(1)));
    if (from != null && to != null) {
      add(new FileEvent.Renamed(from, to), at);
    } else if (from != null || to != null) {
      throw new IOException("the trace holds a file that came from elsewhere, or went there");
    }
  }

  /// The file's path below the directory; nothing when it does not count.
  private @Nullable String name(String path) {
    String root = directory + "/";
    String name = path.startsWith(root) ? path.substring(root.length()) : "";
    return !name.isEmpty() && wanted.test(name) ? name : null;
  }

  private static byte[] written(String arguments) throws IOException {
    List<String> strings = strings(arguments);
    if (strings.isEmpty()) {
      throw new IOException("the trace holds a write without its bytes");
    }
    byte[] bytes = bytes(strings.getFirst());
    if (bytes.length != numbers(arguments, arguments.lastIndexOf('"'))[0]) {
      throw new IOException("the trace holds a write whose bytes are cut off");
    }
    return bytes;
  }

  /// What stands between quotation marks; nothing in it needs an escape.
  private static List<String> strings(String arguments) {
    var strings = new ArrayList<String>();
    int open = arguments.indexOf('"');
    while (open >= 0) {
      int close = arguments.indexOf('"', open + 1);
      if (close < 0) {
        return strings;
      }
      strings.add(arguments.substring(open + 1, close));
      open = arguments.indexOf('"', close + 1);
    }
    return strings;
  }

  /// The numbers behind a character.
  private static long[] numbers(String arguments, int behind) throws IOException {
    var numbers = new ArrayList<Long>();
    String rest = arguments.substring(behind + 1);
    int end = Math.max(rest.indexOf(')'), rest.indexOf(" <unfinished"));
    Matcher number = NUMBER.matcher(rest.substring(0, Math.max(0, end)));
    while (number.find()) {
      numbers.add(Long.parseLong(number.group()));
    }
    if (numbers.isEmpty()) {
      throw new IOException("the trace holds a call without its numbers: " + rest);
    }
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  private static byte[] bytes(String escaped) {
    return HexFormat.of().parseHex(escaped.replace("\\x", ""));
  }

  private static String text(String escaped) {
    return new String(bytes(escaped), StandardCharsets.UTF_8);
  }
}
