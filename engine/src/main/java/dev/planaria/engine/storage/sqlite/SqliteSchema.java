package dev.planaria.engine.storage.sqlite;

import java.util.List;

/// The tables of a store, format 3.
///
/// `frame` is the truth, together with the archive's segments, which `archive_segment` lists. The
/// rest can be rebuilt from them (for as long as no segment was dropped) and is there so that it
/// need not be read from the beginning, and so that a person can ask questions in SQL. Its rows
/// carry a [RowSum] over all other values; of a checkpoint, `verified` is 0 or that sum again, so
/// that one bit alone cannot change it either.
final class SqliteSchema {

  /// The format that this code writes and reads.
  static final int FORMAT = 3;

  /// SQLite's own default, which nothing here changes.
  static final long PAGE_BYTES = 4_096;

  static final List<String> TABLES =
      List.of(
          """
          CREATE TABLE store (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            format INTEGER NOT NULL,
            epoch INTEGER NOT NULL,
            closed_epoch INTEGER NOT NULL,
            low_water INTEGER NOT NULL,
            low_water_hash TEXT NOT NULL,
            writes INTEGER NOT NULL,
            checksum TEXT NOT NULL)
          """,
          """
          CREATE TABLE frame (
            id INTEGER PRIMARY KEY,
            body BLOB NOT NULL)
          """,
          """
          CREATE TABLE session (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            status TEXT NOT NULL,
            created_at_millis INTEGER NOT NULL,
            seq INTEGER NOT NULL,
            hash TEXT NOT NULL,
            sum INTEGER NOT NULL) WITHOUT ROWID
          """,
          """
          CREATE TABLE checkpoint (
            id TEXT PRIMARY KEY,
            session TEXT NOT NULL,
            parent TEXT,
            kind TEXT NOT NULL,
            seq INTEGER NOT NULL,
            hash TEXT NOT NULL,
            created_at_millis INTEGER NOT NULL,
            label TEXT,
            sha256 TEXT NOT NULL,
            sum INTEGER NOT NULL,
            verified INTEGER NOT NULL,
            body BLOB NOT NULL)
          """,
          "CREATE INDEX checkpoint_by_session ON checkpoint (session, seq)",
          """
          CREATE TABLE frame_index (
            session TEXT NOT NULL,
            last_seq INTEGER NOT NULL,
            spans BLOB NOT NULL,
            sum INTEGER NOT NULL,
            PRIMARY KEY (session, last_seq)) WITHOUT ROWID
          """,
          """
          CREATE TABLE archive_segment (
            first_frame INTEGER PRIMARY KEY,
            hash_before TEXT NOT NULL,
            last_frame INTEGER NOT NULL,
            last_hash TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            archived_at_millis INTEGER NOT NULL,
            dropped INTEGER NOT NULL,
            sum INTEGER NOT NULL)
          """,
          """
          CREATE TABLE recovery (
            id TEXT NOT NULL,
            session TEXT NOT NULL,
            at_millis INTEGER NOT NULL,
            body TEXT NOT NULL,
            sum INTEGER NOT NULL,
            PRIMARY KEY (id, session)) WITHOUT ROWID
          """,
          "CREATE INDEX recovery_by_session ON recovery (session, at_millis)",
          "CREATE INDEX recovery_by_time ON recovery (at_millis)");

  private SqliteSchema() {}
}
