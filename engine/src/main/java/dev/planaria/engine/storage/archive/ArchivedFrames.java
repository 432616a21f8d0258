package dev.planaria.engine.storage.archive;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Journal.FrameVisitor;
import dev.planaria.engine.journal.JournalException.StoreFailed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads frames back from segments. Keeps the one that was read last, since neighbours are asked
/// for together. Thread-safe.
public final class ArchivedFrames {

  private final SegmentFiles files;
  private volatile @Nullable Unpacked newest;

  private record Unpacked(Hash sha256, Segment segment) {}

  /// @param files where segments lie
  public ArchivedFrames(SegmentFiles files) {
    this.files = files;
  }

  /// A frame, if a segment of the index holds it.
  ///
  /// @throws DamagedException when that segment is not what was written
  public Optional<byte[]> frame(List<SegmentInfo> index, long frameId) {
    for (SegmentInfo info : index) {
      if (info.holds(frameId)) {
        return Optional.of(read(info).frame(frameId));
      }
    }
    return Optional.empty();
  }

  /// Hands all frames between two ids (neither included) to the visitor, in order. Those of a
  /// segment that is damaged are left out, which their ids show; [#check] says why.
  public void scan(List<SegmentInfo> index, long afterId, long beforeId, FrameVisitor visitor) {
    for (SegmentInfo info : index) {
      if (info.last().id() > afterId && info.before().id() + 1 < beforeId) {
        Optional<Segment> segment = intact(info);
        if (segment.isPresent()) {
          long end = Math.min(beforeId - 1, info.last().id());
          for (long id = Math.max(afterId + 1, info.firstFrame()); id <= end; id++) {
            visitor.frame(id, segment.get().frame(id));
          }
        }
      }
    }
  }

  private Optional<Segment> intact(SegmentInfo info) {
    try {
      return Optional.of(read(info));
    } catch (DamagedException e) {
      System.getLogger(ArchivedFrames.class.getName())
          .log(System.Logger.Level.WARNING, e.getMessage());
      return Optional.empty();
    }
  }

  /// Reads every segment and says what is wrong, in sentences.
  public List<String> check(List<SegmentInfo> index) {
    var wrong = new ArrayList<String>();
    for (SegmentInfo info : index) {
      try {
        unpack(info);
      } catch (DamagedException | StoreFailed e) {
        wrong.add(String.valueOf(e.getMessage()));
      }
    }
    return wrong;
  }

  private Segment read(SegmentInfo info) {
    Unpacked present = newest;
    if (present == null || !present.sha256().equals(info.sha256())) {
      present = new Unpacked(info.sha256(), unpack(info));
      newest = present;
    }
    return present.segment();
  }

  private Segment unpack(SegmentInfo info) {
    byte[] file = files.read(info.fileName());
    if (!Hash.sha256(file).equals(info.sha256())) {
      throw new DamagedException(
          "segment " + info.fileName() + " of the archive is not the file that the index names");
    }
    Segment segment = Segment.decode(file);
    if (!segment.before().equals(info.before()) || !segment.last().equals(info.last())) {
      throw new DamagedException(
          "segment " + info.fileName() + " of the archive holds other frames than the index says");
    }
    return segment;
  }
}
