package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One agent of a swarm.
///
/// @param id unique in its session for ever: `agent-` and the seq of the operation that made it
/// @param type what kind of agent it is, in the caller's words: `coder`, `researcher`
/// @param name for people; the id when none was given
/// @param capabilities what it can do, in the caller's words
/// @param status what it is doing
/// @param currentTask the id of the task it works on; set exactly while the status is `BUSY`
/// @param lastHeartbeatMillis when it was last heard of, Unix time
/// @param metadata the caller's own data
/// @param createdAtMillis Unix time
/// @param updatedAtMillis Unix time of the last change
public record Agent(
    String id,
    String type,
    String name,
    List<String> capabilities,
    AgentStatus status,
    @Nullable String currentTask,
    long lastHeartbeatMillis,
    JsonObject metadata,
    long createdAtMillis,
    long updatedAtMillis) {

  /// Copies the capabilities.
  public Agent {
    capabilities = List.copyOf(capabilities);
  }
}
