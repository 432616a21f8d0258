package dev.planaria.engine.storage.sqlite;

import dev.planaria.engine.journal.ThreadEnd;
import dev.planaria.engine.storage.sqlite.SqliteConnections.Moved;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Moves SQLite's write-ahead log into the database without making a commit wait for it.
///
/// A thread of its own, on a connection of its own, does the bulk; alone it would never catch up,
/// since commits go on, and the log would grow without end. So the writer finishes with a short
/// pass of its own between two frames, after which the next commit starts the log over. (Measured
/// at 512 callers: p99 of a commit 8 to 10 ms with SQLite's own automatic checkpoint, 1.2 to 5.5 ms
/// this way.)
final class WalMover implements AutoCloseable {

  /// The log is moved when it has grown by this much: large enough that moving is rare, small
  /// enough that opening after a crash (which reads the log) stays fast.
  static final long MOVE_BYTES = 16L << 20;

  /// Beyond this the writer itself moves everything before it goes on: the bound of the log's size.
  static final long LIMIT_BYTES = 64L << 20;

  /// Pages that a commit changes beside those that its bytes fill: the ends of the tree above them,
  /// and the row that counts.
  private static final int PAGES_BESIDE = 3;

  private final Path file;
  private final Semaphore wanted = new Semaphore(0);
  private final Thread thread;
  private volatile boolean bulkDone;
  private volatile boolean closed;
  private volatile @Nullable SQLException failure;
  // Used by the writer thread alone.
  private long grownBytes;
  private boolean asked;

  WalMover(Path file) {
    this.file = file;
    this.thread = Thread.ofPlatform().name("wal-mover").daemon().start(this::run);
  }

  /// Told by the writer after each commit, and within one for each large thing. The log holds whole
  /// pages, so that a commit of few bytes costs many.
  void grew(long bytes) {
    grownBytes += (bytes / SqliteSchema.PAGE_BYTES + PAGES_BESIDE) * SqliteSchema.PAGE_BYTES;
  }

  /// Bytes committed since the log was last started over.
  long grownBytes() {
    return grownBytes;
  }

  /// The writer's part, between two frames.
  void tidy(Connection writer) throws SQLException {
    SQLException broken = failure;
    if (broken != null) {
      failure = null;
      asked = false;
      throw broken;
    }
    if (grownBytes > LIMIT_BYTES) {
      Moved moved = SqliteConnections.moveLog(writer, "RESTART");
      finished(moved);
    } else if (bulkDone) {
      bulkDone = false;
      finished(SqliteConnections.moveLog(writer, "PASSIVE"));
    } else if (grownBytes > MOVE_BYTES && !asked) {
      asked = true;
      wanted.release();
    }
  }

  private void finished(Moved moved) {
    asked = false;
    if (moved.isComplete()) {
      grownBytes = 0;
    }
  }

  private void run() {
    while (!closed) {
      wanted.acquireUninterruptibly();
      if (closed) {
        return;
      }
      // A connection for each pass: after an error nothing of the old one may be used again.
      try (Connection connection = SqliteConnections.mover(file)) {
        SqliteConnections.moveLog(connection, "PASSIVE");
        bulkDone = true;
      } catch (SQLException e) {
        failure = e;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    wanted.release();
    ThreadEnd.await(thread);
  }
}
