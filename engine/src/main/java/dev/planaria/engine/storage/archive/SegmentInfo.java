package dev.planaria.engine.storage.archive;

import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Hash;

/// A line of the archive's index: what a segment must be.
///
/// @param before the frame before its first
/// @param last its last frame
/// @param sha256 of the whole file, so that an older or another file in its place is noticed
/// @param bytes of the file
/// @param archivedAtMillis when it was written, Unix time
public record SegmentInfo(
    FrameHead before, FrameHead last, Hash sha256, long bytes, long archivedAtMillis) {

  /// Id of its first frame.
  public long firstFrame() {
    return before.id() + 1;
  }

  /// True when it holds that frame.
  public boolean holds(long frameId) {
    return frameId > before.id() && frameId <= last.id();
  }

  /// The name of its file; names sort as their frames do.
  public String fileName() {
    return "frames-%016d-%016d.segment".formatted(firstFrame(), last.id());
  }
}
