package dev.planaria.engine.state;

import dev.planaria.engine.json.JsonObject;
import org.jspecify.annotations.Nullable;

/// A session's relation to one upstream MCP server: enough for another worker to go on with it.
///
/// @param id the upstream's name; unique in its session
/// @param transport how the server is reached
/// @param era which generation of the protocol it speaks
/// @param status where the connection state machine stands
/// @param capabilities what the server said it can do
/// @param consecutiveFailures failed attempts since the last success
/// @param lastHeartbeatMillis when it last answered, Unix time; [#NEVER] before the first time
/// @param updatedAtMillis Unix time of the last change
/// @param standing how it came to its status, and what comes next
/// @param memory what is known of the state that the server keeps for its client
public record Connection(
    String id,
    Transport transport,
    Era era,
    ConnectionStatus status,
    JsonObject capabilities,
    int consecutiveFailures,
    long lastHeartbeatMillis,
    long updatedAtMillis,
    Standing standing,
    Memory memory) {

  /// The time of what never happened.
  public static final long NEVER = 0;

  /// How a connection came to its status, and what comes next. Times are Unix time.
  ///
  /// @param reason in a sentence
  /// @param sinceMillis when it came into its status
  /// @param attempts how often it was tried to connect since it last was
  /// @param nextAttemptMillis when that is tried next; null when nothing is planned
  /// @param offlineSinceMillis when the attempts that come fast were given up; null unless it is
  ///   offline. Moved on by the time during which the worker was down
  /// @param lostSinceMillis when it was declared lost; null unless it was
  public record Standing(
      String reason,
      long sinceMillis,
      int attempts,
      @Nullable Long nextAttemptMillis,
      @Nullable Long offlineSinceMillis,
      @Nullable Long lostSinceMillis) {}

  /// What is known of the state that a server keeps for its client.
  ///
  /// @param session what an HTTP server calls the session that it keeps (`Mcp-Session-Id`), or
  ///   null. It is written down because without it the worker's death would lose a state that the
  ///   server still has. It proves nothing: a server must not authenticate by it (MCP, security
  ///   best practices), and the headers that it does authenticate by are never written. It is shown
  ///   nowhere
  /// @param bindings ids that the server gave first, by which clients know things, to the ids that
  ///   the same things have now
  /// @param replayIncomplete why a replay would not rebuild the whole state, in a sentence; null
  ///   when it would
  /// @param losses how often the server lost its state
  /// @param lossesAnnounced how many of those losses a client was told
  /// @param asked what clients asked it to keep telling them, in the gateway's own form
  public record Memory(
      @Nullable String session,
      JsonObject bindings,
      @Nullable String replayIncomplete,
      long losses,
      long lossesAnnounced,
      JsonObject asked) {

    /// Of a server that nothing was asked yet.
    public static final Memory NONE =
        new Memory(null, JsonObject.EMPTY, null, 0, 0, JsonObject.EMPTY);

    /// The same, in the server's session of that name.
    public Memory inSession(@Nullable String name) {
      return new Memory(name, bindings, replayIncomplete, losses, lossesAnnounced, asked);
    }

    /// The same, with other bindings.
    public Memory bound(JsonObject changed) {
      return new Memory(session, changed, replayIncomplete, losses, lossesAnnounced, asked);
    }

    /// The same, not to be rebuilt as a whole; the first reason stays.
    public Memory incomplete(String sentence) {
      return replayIncomplete != null
          ? this
          : new Memory(session, bindings, sentence, losses, lossesAnnounced, asked);
    }

    /// The same, lost once more.
    public Memory lost() {
      return new Memory(null, bindings, replayIncomplete, losses + 1, lossesAnnounced, asked);
    }

    /// The same, with other things to be told.
    public Memory asked(JsonObject changed) {
      return new Memory(session, bindings, replayIncomplete, losses, lossesAnnounced, changed);
    }

    /// The same, every loss told.
    public Memory announced() {
      return new Memory(session, bindings, replayIncomplete, losses, losses, asked);
    }

    /// The same server after everything that it knew was let go.
    public Memory reset() {
      return new Memory(session, JsonObject.EMPTY, null, losses, lossesAnnounced, asked);
    }
  }

  /// A server to which nothing connects yet.
  public static Connection of(String id, Transport transport, Era era, long nowMillis) {
    return new Connection(
        id,
        transport,
        era,
        ConnectionStatus.IMMEDIATE_RECONNECT,
        JsonObject.EMPTY,
        0,
        NEVER,
        nowMillis,
        new Standing("it was never connected yet", nowMillis, 0, nowMillis, null, null),
        Memory.NONE);
  }

  /// The same server, standing elsewhere.
  ///
  /// @param failures failed attempts since the last success
  /// @param heartbeatMillis when it last answered, Unix time
  public Connection standing(
      ConnectionStatus changed, Standing how, int failures, long heartbeatMillis, long nowMillis) {
    return new Connection(
        id,
        transport,
        era,
        changed,
        capabilities,
        failures,
        heartbeatMillis,
        nowMillis,
        how,
        memory);
  }

  /// The same, with what the server said of itself.
  public Connection introduced(
      Transport reachedBy, Era speaks, JsonObject offered, long nowMillis) {
    return new Connection(
        id,
        reachedBy,
        speaks,
        status,
        offered,
        consecutiveFailures,
        lastHeartbeatMillis,
        nowMillis,
        standing,
        memory);
  }

  /// The same, with another state behind it.
  public Connection remembering(Memory changed, long nowMillis) {
    return new Connection(
        id,
        transport,
        era,
        status,
        capabilities,
        consecutiveFailures,
        lastHeartbeatMillis,
        nowMillis,
        standing,
        changed);
  }
}
