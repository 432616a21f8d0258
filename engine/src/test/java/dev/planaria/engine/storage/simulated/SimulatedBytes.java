package dev.planaria.engine.storage.simulated;

import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.Store;
import dev.planaria.engine.storage.StoredBytes;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// What lies on a simulated disk.
///
/// @param disk the disk
public record SimulatedBytes(SimulatedDisk disk) implements StoredBytes {

  @Override
  public Store open() {
    return new SimulatedStore(disk);
  }

  @Override
  public NavigableMap<Long, byte[]> frames() {
    return new TreeMap<>(disk.frames);
  }

  @Override
  public void putFrames(NavigableMap<Long, byte[]> changed) {
    changed.forEach((id, bytes) -> {
      if (bytes.length == 0) {
        disk.drop(id);
      } else {
        disk.frames.put(id, bytes);
      }
    });
  }

  @Override
  public List<StoredCheckpoint> checkpoints(SessionId session) {
    return disk.checkpoints.values().stream()
        .filter(one -> one.info().sessionId().equals(session))
        .sorted(Comparator.comparingLong((StoredCheckpoint one) -> one.info().seq()).reversed())
        .toList();
  }

  @Override
  public Optional<StoredCheckpoint> checkpoint(String id) {
    return Optional.ofNullable(disk.checkpoints.get(id));
  }

  @Override
  public void putCheckpoint(StoredCheckpoint checkpoint) {
    disk.putBack(SimulatedDisk.verified(checkpoint));
  }

  @Override
  public void dropCheckpoint(String id) {
    disk.dropCheckpoint(id);
  }
}
