package dev.planaria.chaos.power;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/// What traced processes did to their files, in the order in which it happened, and the disk that a
/// loss of power leaves at any moment of it. A moment is a number of events that have happened.
/// Immutable.
///
/// The order of names is not shaken: a file that was made, renamed or removed is so at once, as on
/// file systems that keep a journal of names. Whatever is not known to be synced may be lost, and
/// of writes that were never traced, nothing is.
public final class Trace {

  private static final int SECTOR = 512;

  private final Map<String, byte[]> before;
  private final List<FileEvent> events;
  private final List<Long> micros;

  /// @param before the files as they were when the trace began, or at any moment of it: what was
  ///   written meanwhile is written once more, and the same comes out
  /// @param events what happened
  /// @param micros when, for each event; Unix time in microseconds
  Trace(Map<String, byte[]> before, List<FileEvent> events, List<Long> micros) {
    this.before = Map.copyOf(before);
    this.events = List.copyOf(events);
    this.micros = List.copyOf(micros);
  }

  /// How many moments there are beside the one before the first event.
  public int moments() {
    return events.size();
  }

  /// When the last of the events before a moment happened, Unix time in microseconds.
  ///
  /// @param moment 1 or more
  public long microsAt(int moment) {
    return micros.get(moment - 1);
  }

  /// The moments, from one on, in which there is something to lose of files of that kind.
  public List<Integer> vulnerable(int from, Predicate<String> files) {
    var vulnerable = new ArrayList<Integer>();
    replay(
        moments(),
        DiskGuarantees.ALL,
        (moment, disk) -> {
          if (moment >= from && disk.pending.keySet().stream().anyMatch(files)) {
            vulnerable.add(moment);
          }
        });
    return vulnerable;
  }

  /// A file as its processes saw it at a moment; empty when there was none.
  public byte[] seen(String file, int moment) {
    Disk disk = replay(moment, DiskGuarantees.ALL, (_, _) -> {});
    return disk.files(disk.pending).getOrDefault(file, new byte[0]);
  }

  /// What is there when the power comes back.
  ///
  /// @param files by name
  /// @param lossy true when that differs from what the processes had written
  public record Image(Map<String, byte[]> files, boolean lossy) {}

  /// The files as a loss of power at a moment leaves them.
  public Image image(int moment, Loss loss, DiskGuarantees guarantees, SplittableRandom random) {
    Disk disk = replay(moment, guarantees, (_, _) -> {});
    var surviving = new TreeMap<String, List<FileEvent>>();
    disk.pending.forEach((file, writes) ->
        surviving.put(file, surviving(writes.values().stream().toList(), loss, random)));
    Map<String, byte[]> left = disk.filesOf(surviving);
    return new Image(left, !same(left, disk.files(disk.pending)));
  }

  private static boolean same(Map<String, byte[]> some, Map<String, byte[]> others) {
    return some.keySet().equals(others.keySet())
        && some.entrySet().stream()
            .allMatch(file -> Arrays.equals(file.getValue(), others.get(file.getKey())));
  }

  /// What is on disk at a moment, and what was written and may not be, by the number of its event.
  private static final class Disk {
    private final Map<String, Content> durable = new TreeMap<>();
    private final Map<String, NavigableMap<Integer, FileEvent>> pending = new TreeMap<>();

    private Map<String, byte[]> files(Map<String, NavigableMap<Integer, FileEvent>> writes) {
      var all = new TreeMap<String, List<FileEvent>>();
      writes.forEach((file, some) -> all.put(file, List.copyOf(some.values())));
      return filesOf(all);
    }

    private Map<String, byte[]> filesOf(Map<String, List<FileEvent>> writes) {
      var files = new TreeMap<String, byte[]>();
      var names = new TreeSet<>(durable.keySet());
      names.addAll(writes.keySet());
      for (String name : names) {
        Content content = durable.getOrDefault(name, new Content(new byte[0])).copy();
        writes.getOrDefault(name, List.of()).forEach(event -> apply(event, content));
        files.put(name, content.bytes());
      }
      return files;
    }

    private void synced(String file, int begunAfter) {
      NavigableMap<Integer, FileEvent> writes = pending.get(file);
      if (writes == null) {
        return;
      }
      Map<Integer, FileEvent> covered = writes.headMap(begunAfter, false);
      Content content = durable.computeIfAbsent(file, _ -> new Content(new byte[0]));
      covered.values().forEach(event -> apply(event, content));
      covered.clear();
      if (writes.isEmpty()) {
        pending.remove(file);
      }
    }

    private void renamed(String from, String to) {
      durable.remove(to);
      pending.remove(to);
      Content content = durable.remove(from);
      NavigableMap<Integer, FileEvent> writes = pending.remove(from);
      if (content != null) {
        durable.put(to, content);
      }
      if (writes != null) {
        pending.put(to, writes);
      }
    }
  }

  private static void apply(FileEvent event, Content content) {
    if (event instanceof FileEvent.Wrote wrote) {
      content.write(wrote.offset(), wrote.bytes());
    } else if (event instanceof FileEvent.Cut cut) {
      content.cut(cut.length());
    }
  }

  /// @param each is shown each moment on the way
  private Disk replay(int moment, DiskGuarantees guarantees, BiConsumer<Integer, Disk> each) {
    var disk = new Disk();
    before.forEach((file, bytes) -> disk.durable.put(file, new Content(bytes)));
    for (int i = 0; i < moment; i++) {
      switch (events.get(i)) {
        case FileEvent.Wrote wrote -> pend(disk, wrote, i);
        case FileEvent.Cut cut -> pend(disk, cut, i);
        case FileEvent.Synced synced -> {
          if (guarantees.keepsSyncedLog() || !synced.file().endsWith("-wal")) {
            disk.synced(synced.file(), synced.begunAfter());
          }
        }
        case FileEvent.Removed removed -> {
          disk.durable.remove(removed.file());
          disk.pending.remove(removed.file());
        }
        case FileEvent.Renamed renamed -> disk.renamed(renamed.file(), renamed.to());
      }
      each.accept(i + 1, disk);
    }
    return disk;
  }

  private static void pend(Disk disk, FileEvent event, int number) {
    disk.pending.computeIfAbsent(event.file(), _ -> new TreeMap<>()).put(number, event);
  }

  private static List<FileEvent> surviving(
      List<FileEvent> writes, Loss loss, SplittableRandom random) {
    return switch (loss) {
      case ALL -> List.of();
      case SOME -> writes.stream().filter(_ -> random.nextBoolean()).toList();
      case TORN -> {
        var sectors = new ArrayList<FileEvent>();
        writes.forEach(event -> sectors.addAll(sectors(event)));
        yield sectors.stream().filter(_ -> random.nextBoolean()).toList();
      }
    };
  }

  private static List<FileEvent> sectors(FileEvent event) {
    if (!(event instanceof FileEvent.Wrote wrote)) {
      return List.of(event);
    }
    var sectors = new ArrayList<FileEvent>();
    int from = 0;
    while (from < wrote.bytes().length) {
      // A sector of the disk ends at a multiple of its size, wherever the write began.
      int to =
          (int) Math.min(wrote.bytes().length, from + SECTOR - (wrote.offset() + from) % SECTOR);
      byte[] sector = Arrays.copyOfRange(wrote.bytes(), from, to);
      sectors.add(new FileEvent.Wrote(wrote.file(), wrote.offset() + from, sector));
      from = to;
    }
    return sectors;
  }

  /// Names of the traced files that were written to, and how often each was synced.
  public Map<String, Integer> syncs() {
    var syncs = new HashMap<String, Integer>();
    for (FileEvent event : events) {
      syncs.merge(event.file(), event instanceof FileEvent.Synced ? 1 : 0, Integer::sum);
    }
    return syncs;
  }
}
