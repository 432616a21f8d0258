package dev.planaria.chaos.fault;

/// What a fault is done to; the names in lower case stand in JSON and in reports.
public enum Target {
  /// The process that holds the sessions.
  WORKER,
  /// The process that holds the port and watches the worker.
  FRONT,
  /// Both at once, as when a machine goes down.
  DAEMON,
  /// The small process that a client launches and that forwards to the daemon.
  SHIM,
  /// An MCP server behind Planaria.
  UPSTREAM,
  /// The link between a client and the daemon.
  CLIENT_LINK,
  /// The link between the daemon and a server behind it.
  UPSTREAM_LINK,
  /// The file of the database.
  DATABASE,
  /// The write-ahead log beside the database.
  WAL,
  /// The ring that knows what was made durable.
  WITNESS,
  /// A checkpoint inside the database.
  CHECKPOINT,
  /// A segment of the archive.
  ARCHIVE,
  /// The data directory as a whole.
  DISK,
  /// The wall clock of the daemon.
  CLOCK,
  /// The memory of the worker.
  MEMORY
}
