package dev.planaria.engine.storage.simulated;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.SessionRow;
import dev.planaria.engine.storage.StoredRecovery;
import dev.planaria.engine.storage.archive.SegmentInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// What a store leaves behind when its process ends: survives a kill whole, and a power loss only
/// as far as it was synced. Frames alone are modelled that way; everything derived is durable at
/// once, which is the weaker demand on the engine (it must never rely on more).
public final class SimulatedDisk {

  final TreeMap<Long, byte[]> frames = new TreeMap<>();
  final Map<String, StoredCheckpoint> checkpoints = new LinkedHashMap<>();
  final Map<String, SessionRow> sessions = new TreeMap<>();
  final List<IndexRow> index = new ArrayList<>();
  final Map<String, StoredRecovery> recoveries = new LinkedHashMap<>();
  final List<SegmentInfo> segments = new ArrayList<>();
  final Map<String, byte[]> files = new TreeMap<>();
  final Set<String> syncedFiles = new HashSet<>();
  FrameHead historyStart = FrameHead.START;
  FrameHead lowWater = FrameHead.START;
  long epoch;
  long closedEpoch;
  long syncedUpTo;

  record IndexRow(String session, long lastSeq, FrameSpans spans) {}

  /// A line of the catalogue is gone, and nobody is told.
  public void dropLine(SessionId session) {
    sessions.remove(session.toString());
  }

  /// Loses every frame and every file of the archive that was not synced. Returns how many frames
  /// that were.
  public int losePower() {
    return losePower(0);
  }

  /// The same, but some had reached the disk by themselves: the oldest ones, since each names the
  /// one before it.
  ///
  /// @param kept how many of the frames that were not synced are there all the same
  public int losePower(int kept) {
    files.keySet().retainAll(syncedFiles);
    var unsynced = frames.tailMap(syncedUpTo, false);
    var lost = unsynced.keySet().stream().skip(kept).toList();
    lost.forEach(frames::remove);
    return lost.size();
  }

  /// How many frames can be read that a power loss would take.
  public int unsyncedFrames() {
    return frames.tailMap(syncedUpTo, false).size();
  }

  /// The ids of the frames that can be read, in order.
  public List<Long> frameIds() {
    return List.copyOf(frames.keySet());
  }

  /// The checkpoints that can be read, in the order in which they were written.
  public List<CheckpointInfo> checkpoints() {
    return checkpoints.values().stream().map(StoredCheckpoint::info).toList();
  }

  /// Flips one bit of a stored frame.
  public void flip(long frameId, int offset) {
    byte[] bytes = stored(frameId).clone();
    bytes[offset] ^= 1;
    frames.put(frameId, bytes);
  }

  /// Flips one bit of a file of the archive.
  public void flipFile(String name, int offset) {
    byte[] bytes = Objects.requireNonNull(files.get(name), "no such file").clone();
    bytes[offset] ^= 1;
    files.put(name, bytes);
  }

  /// Removes a stored frame.
  public void drop(long frameId) {
    frames.remove(frameId);
  }

  /// Frames that can be read.
  public int frameCount() {
    return frames.size();
  }

  /// How many bytes a stored frame has.
  public int frameBytes(long frameId) {
    return stored(frameId).length;
  }

  /// Flips one bit of a stored checkpoint.
  public void flip(String checkpointId, int offset) {
    StoredCheckpoint stored = stored(checkpointId);
    byte[] body = stored.body().clone();
    body[offset] ^= 1;
    checkpoints.put(
        checkpointId, new StoredCheckpoint(stored.info(), stored.hash(), stored.sha256(), body));
  }

  /// Stores a checkpoint as it was read.
  public void putBack(StoredCheckpoint checkpoint) {
    checkpoints.put(checkpoint.info().id(), checkpoint);
  }

  /// Removes a stored checkpoint.
  public void dropCheckpoint(String checkpointId) {
    checkpoints.remove(checkpointId);
  }

  StoredCheckpoint stored(String checkpointId) {
    return Objects.requireNonNull(checkpoints.get(checkpointId), "no such checkpoint");
  }

  static StoredCheckpoint verified(StoredCheckpoint saved) {
    CheckpointInfo info = saved.info();
    return new StoredCheckpoint(
        new CheckpointInfo(
            info.id(),
            info.sessionId(),
            info.parentId(),
            info.kind(),
            info.seq(),
            info.createdAtMillis(),
            info.label(),
            info.bytes(),
            true),
        saved.hash(),
        saved.sha256(),
        saved.body());
  }

  private byte[] stored(long frameId) {
    return Objects.requireNonNull(frames.get(frameId), "no such frame");
  }
}
