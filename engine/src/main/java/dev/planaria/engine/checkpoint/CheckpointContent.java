package dev.planaria.engine.checkpoint;

import java.util.List;

/// What a checkpoint holds.
///
/// @param image the session
/// @param operations the operation ids that are remembered, by seq
/// @param forgottenBeforeMillis operations before this Unix time may have been forgotten; 0 when
///   none was
public record CheckpointContent(
    SessionImage image, List<RememberedOperation> operations, long forgottenBeforeMillis) {

  /// Keeps the list in its compact form.
  public CheckpointContent {
    operations = OperationList.copyOf(operations);
  }
}
