package dev.planaria.chaos.report;

/// Something that happened in a run, for its timeline.
///
/// @param atMillis milliseconds after the workload has begun
/// @param lengthMillis how long it lasted; 0 for a moment
/// @param lane the row in which it is drawn: `fault`, `state` or `operation`
/// @param sentence what happened, in words
public record Moment(long atMillis, long lengthMillis, Lane lane, String sentence) {

  /// A row of the timeline.
  public enum Lane {
    /// What was done to the system.
    FAULT,
    /// What became of processes, connections and sessions.
    STATE,
    /// What was asked of the system, and what it answered.
    OPERATION
  }
}
