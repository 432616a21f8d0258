package dev.planaria.engine.storage.simulated;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.JournalException.StoreFailed;
import dev.planaria.engine.storage.archive.FrameArchive;
import dev.planaria.engine.storage.archive.SegmentFiles;
import dev.planaria.engine.storage.archive.SegmentInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// The archive of a [SimulatedStore]: rows and index are durable at once, files when they are
/// synced. Can die at a step. Thread-safe.
final class SimulatedArchive implements FrameArchive, SegmentFiles {

  private final SimulatedDisk disk;
  private final List<String> steps = new ArrayList<>();
  private int dieBefore = Integer.MAX_VALUE;
  private boolean tears;
  private boolean indexDamaged;
  private long framesRead;

  SimulatedArchive(SimulatedDisk disk) {
    this.disk = disk;
  }

  /// Nothing of the archive is written from this step on, counted from 1; a write that it would be
  /// is torn.
  void dieBefore(int step) {
    synchronized (disk) {
      dieBefore = step;
    }
  }

  /// From here on half of every file is lost, and nobody is told.
  void tearFiles() {
    synchronized (disk) {
      tears = true;
    }
  }

  /// From here on the index cannot be read.
  void damageIndex() {
    synchronized (disk) {
      indexDamaged = true;
    }
  }

  /// A line of the index is gone, and nobody is told; its file is still there.
  SegmentInfo loseLine(int number) {
    synchronized (disk) {
      return disk.segments.remove(number);
    }
  }

  /// What was written so far, by name.
  List<String> steps() {
    synchronized (disk) {
      return List.copyOf(steps);
    }
  }

  /// How many rows of frames were read in a row.
  long framesRead() {
    synchronized (disk) {
      return framesRead;
    }
  }

  private void step(String name) {
    steps.add(name);
    if (steps.size() >= dieBefore) {
      throw new StoreFailed(name, new java.io.IOException("simulated death"));
    }
  }

  @Override
  public List<SegmentInfo> segments() {
    synchronized (disk) {
      if (indexDamaged) {
        throw new DamagedException("a line of the archive's index has a wrong checksum");
      }
      return List.copyOf(disk.segments);
    }
  }

  @Override
  public FrameHead historyStart() {
    synchronized (disk) {
      return disk.historyStart;
    }
  }

  @Override
  public long firstFrame() {
    synchronized (disk) {
      return disk.frames.isEmpty() ? 0 : disk.frames.firstKey();
    }
  }

  @Override
  public List<byte[]> frames(long fromId, long throughId, long bytes) {
    synchronized (disk) {
      var found = new ArrayList<byte[]>();
      long size = 0;
      for (long id = fromId; id <= throughId && size < bytes; id++) {
        byte[] frame = disk.frames.get(id);
        if (frame == null) {
          throw new DamagedException("frame " + id + " is missing");
        }
        found.add(frame);
        framesRead++;
        size += frame.length;
      }
      return found;
    }
  }

  @Override
  public SegmentFiles segmentFiles() {
    return this;
  }

  @Override
  public void addSegment(SegmentInfo segment) {
    synchronized (disk) {
      step("index");
      disk.segments.add(segment);
    }
  }

  @Override
  public void deleteFrames(long fromId, long throughId) {
    synchronized (disk) {
      step("delete rows");
      disk.frames.subMap(fromId, true, throughId, true).clear();
    }
  }

  @Override
  public void dropSegment(SegmentInfo segment) {
    synchronized (disk) {
      step("drop");
      if (!disk.segments.getFirst().equals(segment)) {
        throw new IllegalStateException("not the oldest");
      }
      disk.segments.removeFirst();
      disk.historyStart = segment.last();
    }
  }

  @Override
  public void write(String name, byte[] content) {
    synchronized (disk) {
      disk.syncedFiles.remove(name);
      disk.files.put(name, Arrays.copyOf(content, content.length / 2));
      step("write");
      if (!tears) {
        disk.files.put(name, content.clone());
      }
    }
  }

  @Override
  public void sync(String name) {
    synchronized (disk) {
      step("sync");
      disk.syncedFiles.add(name);
    }
  }

  @Override
  public byte[] read(String name) {
    synchronized (disk) {
      byte[] content = disk.files.get(name);
      if (content == null) {
        throw new DamagedException("segment " + name + " of the archive is missing");
      }
      return Objects.requireNonNull(content).clone();
    }
  }

  @Override
  public void delete(String name) {
    synchronized (disk) {
      step("delete file");
      disk.files.remove(name);
    }
  }

  @Override
  public List<String> names() {
    synchronized (disk) {
      return disk.files.keySet().stream().sorted().toList();
    }
  }
}
