package dev.planaria.engine.storage.archive;

import dev.planaria.engine.journal.FrameHead;
import java.util.List;

/// What a store offers so that old frames can be moved out of it without ever being nowhere.
///
/// A frame is read from its row while there is one, else from the segment that the index names; so
/// a segment is put into the index before the first of its rows is deleted, and rows are deleted
/// from the oldest on. The methods that write are called by the journal's writer thread, each is
/// one transaction.
public interface FrameArchive {

  /// The index, oldest first, without what was dropped.
  List<SegmentInfo> segments();

  /// The last frame that was dropped from the archive for its age: the journal begins behind it.
  /// [FrameHead#START] when none was.
  FrameHead historyStart();

  /// Id of the oldest frame that has a row; 0 when none has.
  long firstFrame();

  /// Rows of frames, in order, from one id on, until an id or a number of bytes is passed.
  ///
  /// @throws dev.planaria.engine.journal.DamagedException when one is missing
  List<byte[]> frames(long fromId, long throughId, long bytes);

  /// The files.
  SegmentFiles segmentFiles();

  /// Puts a segment into the index, behind all others. Its file must be on disk.
  void addSegment(SegmentInfo segment);

  /// Deletes the rows of frames that a segment in the index holds.
  void deleteFrames(long fromId, long throughId);

  /// Takes the oldest segment out of the index; its file may be deleted afterwards.
  void dropSegment(SegmentInfo segment);
}
