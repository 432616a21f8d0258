package dev.planaria.engine.storage;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.DroppedException;
import dev.planaria.engine.journal.Journal.FrameVisitor;
import dev.planaria.engine.storage.archive.ArchivedFrames;
import dev.planaria.engine.storage.archive.SegmentInfo;
import java.util.List;
import java.util.Optional;

/// Goes through the journal a few frames at a time, in the database and its archive as one. Holds
/// nothing in between, so that whoever reads beside it waits for a few frames and never for the
/// whole journal, as beside [dev.planaria.engine.journal.Journal#scan]. Frames that are not there
/// are left out, which their ids show. Not thread-safe.
public final class FrameCursor {

  /// Behind a gap so many frames are read one by one, since a batch ends at each gap.
  private static final long SINGLY = 256;

  private final Store store;
  private final ArchivedFrames archived;
  private long next;
  private long end;
  private long singlyUpTo;

  /// @param store whose journal it is
  /// @param afterFrameId the frame before the first that is wanted
  public FrameCursor(Store store, long afterFrameId) {
    this.store = store;
    this.archived = new ArchivedFrames(store.archive().segmentFiles());
    this.next = afterFrameId + 1;
  }

  /// The last frame that it has passed, there or not.
  public long position() {
    return next - 1;
  }

  /// Hands the next frames to the visitor, about so many bytes of them. False when it has passed
  /// the last frame there is.
  public boolean advance(long bytes, FrameVisitor visitor) {
    if (next > end) {
      end = store.head().id();
      if (next > end) {
        return false;
      }
    }
    long firstRow = store.archive().firstFrame();
    if (firstRow == 0 || next < firstRow) {
      advanceInArchive(firstRow == 0 ? end : Math.min(end, firstRow - 1), bytes, visitor);
    } else if (next <= singlyUpTo) {
      one(visitor);
    } else {
      advanceInRows(bytes, visitor);
    }
    return true;
  }

  private void advanceInRows(long bytes, FrameVisitor visitor) {
    List<byte[]> frames;
    try {
      frames = store.archive().frames(next, end, bytes);
    } catch (DamagedException gap) {
      singlyUpTo = next + SINGLY;
      one(visitor);
      return;
    }
    if (frames.isEmpty()) {
      one(visitor);
    }
    frames.forEach(frame -> visitor.frame(next++, frame));
  }

  private void one(FrameVisitor visitor) {
    long id = next++;
    Optional<byte[]> frame;
    try {
      frame = Optional.of(store.slice(id, 0, Integer.MAX_VALUE));
    } catch (DamagedException | DroppedException notThere) {
      frame = Optional.empty();
    }
    frame.ifPresent(found -> visitor.frame(id, found));
  }

  private void advanceInArchive(long lastArchived, long bytes, FrameVisitor visitor) {
    List<SegmentInfo> segments = store.archive().segments();
    long read = 0;
    while (next <= lastArchived && read < bytes) {
      long id = next;
      Optional<SegmentInfo> segment =
          segments.stream().filter(info -> info.last().id() >= id).findFirst();
      if (segment.isEmpty()) {
        next = lastArchived + 1;
        return;
      }
      if (!segment.get().holds(id)) {
        next = Math.min(lastArchived, segment.get().before().id()) + 1;
        continue;
      }
      Optional<byte[]> frame = archivedFrame(segment.get(), id);
      if (frame.isPresent()) {
        next++;
        read += frame.get().length;
        visitor.frame(id, frame.get());
      } else {
        next = Math.min(lastArchived, segment.get().last().id()) + 1;
      }
    }
  }

  private Optional<byte[]> archivedFrame(SegmentInfo segment, long id) {
    try {
      return archived.frame(List.of(segment), id);
    } catch (DamagedException damaged) {
      return Optional.empty();
    }
  }
}
