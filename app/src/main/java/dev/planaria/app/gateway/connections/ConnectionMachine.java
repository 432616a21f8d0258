package dev.planaria.app.gateway.connections;

import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.Connection.Standing;
import dev.planaria.engine.state.ConnectionStatus;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/// What becomes of a connection, and what is to be done about it (specification, section 2: MCP
/// connection recovery). Pure and immutable: an event, the time and a source of randomness go in, a
/// [Step] comes out. [#next] is the one table of moves; a move that it lacks is thrown back.
///
/// What has to outlive the worker stands in [#connection]: write that down whenever it has changed.
///
/// @param connection as it is now
/// @param moment what another worker would not need
/// @param settings its numbers
public record ConnectionMachine(Connection connection, Moment moment, ConnectionSettings settings) {

  /// No attempt was made yet.
  static final long NO_ATTEMPT = Long.MIN_VALUE;

  /// What a worker knows of a connection and does not write down. Times are Unix time.
  ///
  /// @param connecting true while an attempt is under way
  /// @param lastAttemptMillis when the last one began; [#NO_ATTEMPT] before the first
  /// @param heardMillis when the server was heard last
  /// @param pingedMillis when it was asked whether it is alive, until it is heard; or null
  /// @param session the server's session while its state is rebuilt there: written down only
  ///   afterwards, so that another worker never takes half a state for a whole one
  /// @param unbuilt what is to be said of its state while it is connected: that it was not built up
  ///   again as a whole, or will not be, and why; or null
  /// @param notBeforeMillis until when the server has asked to be left alone; 0 when it has not
  record Moment(
      boolean connecting,
      long lastAttemptMillis,
      long heardMillis,
      @Nullable Long pingedMillis,
      @Nullable String session,
      @Nullable String unbuilt,
      long notBeforeMillis) {

    Moment heardAt(long nowMillis) {
      return new Moment(
          connecting, lastAttemptMillis, nowMillis, null, session, unbuilt, notBeforeMillis);
    }

    Moment pingedAt(@Nullable Long nowMillis) {
      return new Moment(
          connecting, lastAttemptMillis, heardMillis, nowMillis, session, unbuilt, notBeforeMillis);
    }

    Moment attemptAt(long nowMillis) {
      return new Moment(true, nowMillis, heardMillis, null, null, null, 0);
    }

    Moment attemptEnded() {
      return new Moment(false, lastAttemptMillis, heardMillis, null, null, null, notBeforeMillis);
    }

    Moment rebuilding(@Nullable String name) {
      return new Moment(
          connecting, lastAttemptMillis, heardMillis, pingedMillis, name, unbuilt, notBeforeMillis);
    }

    Moment withoutWhole(@Nullable String why) {
      return new Moment(
          connecting, lastAttemptMillis, heardMillis, pingedMillis, session, why, notBeforeMillis);
    }

    Moment notBefore(long millis) {
      return new Moment(
          connecting, lastAttemptMillis, heardMillis, pingedMillis, session, unbuilt, millis);
    }
  }

  /// What comes of an event.
  ///
  /// @param machine as it is now
  /// @param actions what is to be done, in order
  public record Step(ConnectionMachine machine, List<ConnectionAction> actions) {

    /// Copies the list.
    public Step {
      actions = List.copyOf(actions);
    }
  }

  /// What a status may become.
  ///
  /// The specification's diagram leads from each attempt that succeeds straight to `connected`, and
  /// from there to `sync`; here `sync` comes first, so that no call overtakes what had waited. Its
  /// diagram leads from the third immediate attempt to `offline`, its code to the backoff; here the
  /// code is followed. What breaks in `sync` goes on where its attempts had come to.
  public static Set<ConnectionStatus> next(ConnectionStatus status) {
    return switch (status) {
      case CONNECTED ->
          EnumSet.of(ConnectionStatus.HEARTBEAT_TIMEOUT, ConnectionStatus.IMMEDIATE_RECONNECT);
      case HEARTBEAT_TIMEOUT -> EnumSet.of(ConnectionStatus.IMMEDIATE_RECONNECT);
      case IMMEDIATE_RECONNECT ->
          EnumSet.of(
              ConnectionStatus.SYNC,
              ConnectionStatus.EXPONENTIAL_BACKOFF,
              ConnectionStatus.OFFLINE);
      case EXPONENTIAL_BACKOFF -> EnumSet.of(ConnectionStatus.SYNC, ConnectionStatus.OFFLINE);
      case OFFLINE -> EnumSet.of(ConnectionStatus.PERIODIC_RETRY);
      case PERIODIC_RETRY -> EnumSet.of(ConnectionStatus.SYNC, ConnectionStatus.OFFLINE);
      case SYNC ->
          EnumSet.of(
              ConnectionStatus.CONNECTED,
              ConnectionStatus.IMMEDIATE_RECONNECT,
              ConnectionStatus.EXPONENTIAL_BACKOFF,
              ConnectionStatus.OFFLINE);
    };
  }

  /// A connection that begins, or that another worker had before. What was connected then is no
  /// more, but that is not the server's failure; what was offline is so still, and the time during
  /// which no worker was there counts against nobody. Tick it to begin.
  ///
  /// @param downSinceMillis when the other worker was alive last, Unix time; now, when it ended in
  ///   order
  public static ConnectionMachine resume(
      Connection stored, long downSinceMillis, long nowMillis, ConnectionSettings settings) {
    Standing was = stored.standing();
    Long offlineSince = was.offlineSinceMillis();
    if (offlineSince != null) {
      long down = Math.max(0, nowMillis - Math.max(downSinceMillis, offlineSince));
      offlineSince = Math.min(nowMillis, offlineSince + down);
    }
    ConnectionStatus status =
        switch (stored.status()) {
          case CONNECTED, HEARTBEAT_TIMEOUT, IMMEDIATE_RECONNECT ->
              ConnectionStatus.IMMEDIATE_RECONNECT;
          case SYNC ->
              offlineSince == null
                  ? ConnectionStatus.IMMEDIATE_RECONNECT
                  : ConnectionStatus.OFFLINE;
          case EXPONENTIAL_BACKOFF -> ConnectionStatus.EXPONENTIAL_BACKOFF;
          case OFFLINE, PERIODIC_RETRY -> ConnectionStatus.OFFLINE;
        };
    boolean unbroken =
        stored.status() == ConnectionStatus.CONNECTED
            || stored.status() == ConnectionStatus.HEARTBEAT_TIMEOUT
            || (stored.status() == ConnectionStatus.SYNC && offlineSince == null);
    var standing =
        new Standing(
            unbroken ? "the worker that had it is gone" : was.reason(),
            unbroken ? nowMillis : was.sinceMillis(),
            unbroken ? 0 : was.attempts(),
            nowMillis,
            offlineSince,
            was.lostSinceMillis());
    return new ConnectionMachine(
        stored.standing(
            status,
            standing,
            unbroken ? 0 : stored.consecutiveFailures(),
            stored.lastHeartbeatMillis(),
            nowMillis),
        new Moment(false, NO_ATTEMPT, nowMillis, null, null, null, 0),
        settings);
  }

  /// What comes of an event.
  ///
  /// @param random from 0 to below 1, for the waits
  /// @throws IllegalStateException when it cannot happen now: a result without an attempt, the end
  ///   of a sync that is none
  public Step on(ConnectionEvent event, long nowMillis, DoubleSupplier random) {
    return new ConnectionTurn(this, nowMillis, random).on(event);
  }

  /// The status now.
  public ConnectionStatus status() {
    return connection.status();
  }
}
