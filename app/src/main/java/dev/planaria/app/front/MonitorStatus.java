package dev.planaria.app.front;

import dev.planaria.engine.recovery.CrashEvent;
import java.util.List;

/// What the monitor knows at one moment. Immutable.
///
/// @param state `starting`, `ready`, `draining`, `pausing` or `stopped`
/// @param sentence the same for people, with the reason
/// @param generation which worker, counted from 1
/// @param workerPid its process id, 0 when there is none
/// @param restarts how often one was started after the first
/// @param lastHeartbeatNanos when the worker was last known to be well, monotonic
/// @param workerState what it last said of itself
/// @param crashes the last ones, oldest first
record MonitorStatus(
    String state,
    String sentence,
    long generation,
    long workerPid,
    long restarts,
    long lastHeartbeatNanos,
    String workerState,
    List<CrashEvent> crashes) {}
