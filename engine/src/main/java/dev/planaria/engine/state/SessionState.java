package dev.planaria.engine.state;

import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/// A whole session as one immutable value. Changed only by [Transition#apply]; copies share
/// structure, so keeping an old one costs what has changed since.
///
/// @param id the session's id
/// @param name unique among the sessions of a store
/// @param status where the session stands
/// @param parent the session it was forked from or opened under, or null
/// @param configuration what the swarm was set up with
/// @param agents by agent id
/// @param tasks by task id
/// @param connections by upstream name
/// @param memory by namespace and key; expired entries stay until they are swept and must be
///   filtered when read
/// @param lastMemoryVersion the highest version given to any memory entry so far
/// @param memoryBytes the bytes of all memory values together
/// @param createdAtMillis Unix time
/// @param updatedAtMillis Unix time of the last operation
public record SessionState(
    SessionId id,
    String name,
    SessionStatus status,
    @Nullable SessionId parent,
    SwarmConfiguration configuration,
    TreePMap<String, Agent> agents,
    TreePMap<String, Task> tasks,
    TreePMap<String, Connection> connections,
    TreePMap<MemoryKey, MemoryEntry> memory,
    long lastMemoryVersion,
    long memoryBytes,
    long createdAtMillis,
    long updatedAtMillis) {}
