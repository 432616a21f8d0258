package dev.planaria.engine.storage.sqlite;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.JournalException.Fenced;
import dev.planaria.engine.journal.JournalException.StoreFailed;
import dev.planaria.engine.journal.Witnessed;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.Missing;
import dev.planaria.engine.storage.RecoveryPage;
import dev.planaria.engine.storage.SessionRow;
import dev.planaria.engine.storage.Store;
import dev.planaria.engine.storage.StoreMarks;
import dev.planaria.engine.storage.StoredRecovery;
import dev.planaria.engine.storage.archive.DirectorySegments;
import dev.planaria.engine.storage.archive.FrameArchive;
import dev.planaria.engine.storage.sqlite.SqliteConnections.Moved;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A store in one directory: `planaria.db` (SQLite), `witness`, `archive/` and `lock`.
///
/// One connection belongs to the writer thread; another, behind a lock, serves all readers. A frame
/// is one autocommitted `INSERT ... SELECT` that checks the epoch in the same statement, so that
/// there is never a transaction open between two calls that an error could leave half believed.
/// After each commit the witness is told.
public final class SqliteStore implements Store {

  /// Name of the database file.
  public static final String DATABASE = "planaria.db";

  /// Name of the lock file.
  public static final String LOCK = "lock";

  /// Name of the file that tells from outside the database what was on disk.
  public static final String WITNESS = "witness";

  private static final System.Logger LOG = System.getLogger(SqliteStore.class.getName());

  /// Name of the directory of old frames.
  public static final String ARCHIVE = "archive";

  private final Path file;
  private final StoreLock storeLock;
  private final WalMover mover;
  private final SqliteArchive archive;
  private final StoreMarks marks;
  private final @Nullable WitnessFile witness;
  private final ReentrantLock readLock = new ReentrantLock();
  // The writer thread's.
  private Connection writer;
  private PreparedStatement insertFrame;
  private FrameHead lastFrame;
  private long writes;
  // Guarded by readLock.
  private SqliteReader reader;

  /// What an opening holds, and hands over.
  ///
  /// @param witness null when nothing may be written
  private record Opening(StoreLock lock, @Nullable WitnessFile witness, StoreLook look) {}

  private SqliteStore(
      Path file, Opening opening, Connection writer, Connection reader, StoreRow row)
      throws SQLException {
    StoreLook look = opening.look();
    this.file = file;
    this.storeLock = opening.lock();
    this.witness = opening.witness();
    this.marks =
        new StoreMarks(
            row.epoch(),
            look.row().map(StoreRow::isClosed).orElse(true),
            row.lowWater(),
            look.evidence());
    this.lastFrame = look.head();
    this.writes = row.writes();
    this.writer = writer;
    this.insertFrame = prepareInsert(writer);
    this.reader = new SqliteReader(reader);
    this.mover = new WalMover(file);
    this.archive = new SqliteArchive(this, new DirectorySegments(file.resolveSibling(ARCHIVE)));
  }

  /// As [#open(Path, OnLoss, StoreGuarantees)], for a store that has lost nothing.
  public static SqliteStore open(Path directory) {
    return open(directory, OnLoss.REFUSE, StoreGuarantees.ALL);
  }

  /// Takes the directory's lock, compares what is there with the witness, opens or makes the
  /// database, and raises the epoch.
  ///
  /// @throws StoreLocked when another process holds the directory
  /// @throws StoreFormatException when another version wrote it
  /// @throws StoreBehindWitness when frames are missing and that is not accepted; no file was
  ///   changed
  /// @throws DamagedException when the row that describes the store does not hold its checksum
  /// @throws StoreFailed when the files cannot be opened
  public static SqliteStore open(Path directory, OnLoss onLoss, StoreGuarantees guarantees) {
    Path file = directory.resolve(DATABASE);
    var held = new ArrayDeque<AutoCloseable>();
    try {
      Files.createDirectories(directory);
      StoreLock lock = hold(held, lock(directory));
      StoreLook look = StoreLook.at(file, directory.resolve(WITNESS), guarantees);
      look.evidence().findings().forEach(finding -> LOG.log(System.Logger.Level.WARNING, finding));
      Optional<Missing> missing = look.evidence().missing();
      if (missing.isPresent()) {
        if (onLoss == OnLoss.REFUSE) {
          throw new StoreBehindWitness(directory, missing.get(), look.evidence());
        }
        StoreLook.setLogAside(file, missing.get());
      }
      PrivateFiles.create(file);
      WitnessFile witness =
          guarantees.witness() ? hold(held, WitnessFile.open(directory.resolve(WITNESS))) : null;
      Connection writer = hold(held, SqliteConnections.writer(file));
      StoreRow row = StoreRow.begin(writer, look.witnessed());
      Connection reader = hold(held, SqliteConnections.reader(file));
      var store = new SqliteStore(file, new Opening(lock, witness, look), writer, reader, row);
      held.clear();
      missing.ifPresent(store::declare);
      return store;
    } catch (SQLException | IOException e) {
      throw new StoreFailed("opening " + file, e);
    } finally {
      held.forEach(SqliteStore::closeQuietly);
    }
  }

  /// Takes the directory's lock and opens the database for reading, also when it is behind its
  /// witness ([#marks] says so). No file is changed, and the writing methods fail.
  ///
  /// @throws StoreLocked when another process holds the directory
  /// @throws StoreFormatException when another version wrote it
  /// @throws StoreFailed when there is no store, or it cannot be read
  public static SqliteStore openReadOnly(Path directory) {
    Path file = directory.resolve(DATABASE);
    var held = new ArrayDeque<AutoCloseable>();
    try {
      if (!Files.exists(file)) {
        throw new NoSuchFileException(file.toString(), null, "there is no store here");
      }
      StoreLock lock = hold(held, lock(directory));
      StoreLook look = StoreLook.at(file, directory.resolve(WITNESS), StoreGuarantees.ALL);
      StoreRow row = look.row().orElseThrow(() -> new DamagedException("the store is empty"));
      Connection first = hold(held, SqliteConnections.lookingOn(file));
      Connection second = hold(held, SqliteConnections.lookingOn(file));
      var store = new SqliteStore(file, new Opening(lock, null, look), first, second, row);
      held.clear();
      return store;
    } catch (SQLException | IOException e) {
      throw new StoreFailed("opening " + file, e);
    } finally {
      held.forEach(SqliteStore::closeQuietly);
    }
  }

  private static StoreLock lock(Path directory) throws IOException {
    StoreLock lock = StoreLock.tryAcquire(directory.resolve(LOCK));
    if (lock == null) {
      throw new StoreLocked(directory);
    }
    return lock;
  }

  /// Notes what must be closed, last first, should the opening fail.
  private static <T extends AutoCloseable> T hold(Deque<AutoCloseable> held, T resource) {
    held.push(resource);
    return resource;
  }

  /// Appends the frame that declares an accepted loss.
  private void declare(Missing missing) {
    long id = Math.max(missing.toFrame(), lastFrame.id()) + 1;
    append(Frame.declaringLoss(lastFrame, marks.epoch(), id));
  }

  @Override
  public StoreMarks marks() {
    return marks;
  }

  @Override
  public void append(Frame frame) {
    try {
      insertFrame.setLong(1, frame.id());
      insertFrame.setBytes(2, frame.bytes());
      insertFrame.setLong(3, frame.epoch());
      if (insertFrame.executeUpdate() != 1) {
        throw new Fenced(frame.epoch());
      }
      mover.grew(frame.bytes().length);
      lastFrame = new FrameHead(frame.id(), frame.hash());
      tellWitness();
    } catch (SQLException | IOException e) {
      throw new StoreFailed("committing frame " + frame.id(), e);
    }
  }

  private void tellWitness() throws IOException {
    if (witness != null) {
      witness.write(new Witnessed(lastFrame, marks.epoch(), writes));
    }
  }

  @Override
  public FrameHead head() {
    return read("reading the last frame", SqliteReader::head);
  }

  @Override
  public void sync() {
    try {
      Moved moved = SqliteConnections.moveLog(writer, "TRUNCATE");
      if (!moved.isComplete()) {
        throw new SQLException("the write-ahead log is in use by another connection");
      }
      // What could be read is on disk from here on, also what no append has returned for.
      lastFrame = head();
      tellWitness();
      if (witness != null) {
        witness.sync();
      }
    } catch (SQLException | IOException e) {
      throw new StoreFailed("moving the write-ahead log to disk", e);
    }
  }

  @Override
  public void reopen() {
    readLock.lock();
    try {
      closeQuietly(insertFrame);
      closeQuietly(writer);
      reader.close();
      writer = SqliteConnections.writer(file);
      insertFrame = prepareInsert(writer);
      reader = new SqliteReader(SqliteConnections.reader(file));
      if (witness != null) {
        witness.reopen();
      }
    } catch (SQLException | IOException e) {
      throw new StoreFailed("opening the store again", e);
    } finally {
      readLock.unlock();
    }
  }

  @Override
  public void scan(long afterFrameId, FrameVisitor visitor) {
    read(
        "reading the journal",
        reading -> {
          reading.scan(afterFrameId, archive, visitor);
          return true;
        });
  }

  @Override
  public byte[] slice(long frameId, int from, int to) {
    Optional<byte[]> row =
        read("reading frame " + frameId, reading -> reading.slice(frameId, from, to));
    if (row.isPresent()) {
      return row.get();
    }
    // Rows are deleted after their segment was put into the index, so this order misses nothing.
    return archive.slice(frameId, from, to);
  }

  @Override
  public void tidy() {
    try {
      mover.tidy(writer);
    } catch (SQLException e) {
      throw new StoreFailed("moving the write-ahead log", e);
    }
  }

  @Override
  public void saveCheckpoint(StoredCheckpoint checkpoint) {
    transaction(
        "saving a checkpoint",
        connection -> {
          SqliteCheckpoints.save(connection, checkpoint);
          mover.grew(checkpoint.body().length);
        });
  }

  @Override
  public void markVerified(List<String> checkpointIds, SessionRow row, FrameSpans entries) {
    transaction(
        "marking checkpoints as verified",
        connection -> SqliteCheckpoints.markVerified(connection, checkpointIds, row, entries));
  }

  @Override
  public void deleteCheckpoints(List<String> checkpointIds) {
    transaction(
        "deleting checkpoints", connection -> SqliteCheckpoints.delete(connection, checkpointIds));
  }

  @Override
  public FrameArchive archive() {
    return archive;
  }

  @Override
  public void moveLowWater(FrameHead lowWater) {
    transaction(
        "moving the low-water mark", connection -> StoreRow.moveLowWater(connection, lowWater));
  }

  @Override
  public void saveRecoveries(List<StoredRecovery> records) {
    transaction(
        "saving recovery records",
        connection -> {
          for (StoredRecovery record : records) {
            save(connection, record);
          }
        });
  }

  private static void save(Connection connection, StoredRecovery record) throws SQLException {
    String session = record.sessionId().map(SessionId::toString).orElse("");
    SqliteConnections.update(
        connection,
        "INSERT OR REPLACE INTO recovery (id, session, at_millis, body, sum)"
            + " VALUES (?, ?, ?, ?, ?)",
        record.recoveryId(),
        session,
        record.timeMillis(),
        record.json(),
        RowSum.of(record.recoveryId(), session, record.timeMillis(), record.json()));
  }

  @Override
  public void markClosed() {
    transaction("marking the store as closed", StoreRow::markClosed);
  }

  @Override
  public List<SessionId> sessions(Consumer<SessionRow> visitor) {
    return read("reading the catalogue", reading -> reading.sessions(visitor));
  }

  @Override
  public List<CheckpointInfo> checkpoints(SessionId sessionId) {
    return read("reading checkpoints", reading -> reading.checkpoints(sessionId));
  }

  @Override
  public Optional<StoredCheckpoint> checkpoint(String checkpointId) {
    return read("reading a checkpoint", reading -> reading.checkpoint(checkpointId));
  }

  @Override
  public Optional<FrameSpans> spansHolding(SessionId sessionId, long seq) {
    return read("reading the index of frames", reading -> reading.spansHolding(sessionId, seq));
  }

  @Override
  public List<String> recoveries(Optional<SessionId> sessionId, int limit) {
    return read("reading recovery records", reading -> reading.recoveries(sessionId, limit));
  }

  @Override
  public RecoveryPage recoveries(long sinceMillis, RecoveryPage.Place before, int limit) {
    return read(
        "reading all recovery records",
        reading -> SqliteRecoveries.page(reading.connection(), sinceMillis, before, limit));
  }

  @Override
  public List<String> check() {
    var wrong = new ArrayList<>(marks.evidence().findings());
    wrong.addAll(read("checking the database", SqliteReader::check));
    wrong.addAll(archive.check());
    return wrong;
  }

  @Override
  public long bytesOnDisk() {
    return bytesOf("") + logBytes();
  }

  @Override
  public long logBytes() {
    return bytesOf("-wal");
  }

  private long bytesOf(String suffix) {
    Path part = file.resolveSibling(DATABASE + suffix);
    try {
      return Files.exists(part) ? Files.size(part) : 0;
    } catch (IOException e) {
      throw new StoreFailed("measuring " + part, e);
    }
  }

  @Override
  public void close() {
    mover.close();
    readLock.lock();
    try {
      reader.close();
    } finally {
      readLock.unlock();
    }
    closeQuietly(insertFrame);
    closeQuietly(writer);
    closeQuietly(witness);
    closeQuietly(storeLock);
  }

  private static PreparedStatement prepareInsert(Connection writer) throws SQLException {
    return writer.prepareStatement(
        "INSERT INTO frame (id, body) SELECT ?, ? FROM store WHERE epoch = ?");
  }

  /// What is written in one transaction.
  @FunctionalInterface
  interface Writing {
    void to(Connection connection) throws SQLException;
  }

  /// What is asked on the connection of the readers.
  @FunctionalInterface
  interface Reading<T> {
    T from(SqliteReader reader) throws SQLException;
  }

  /// Told that the write-ahead log has grown.
  void grew(long bytes) {
    mover.grew(bytes);
  }

  /// Writes in one transaction, under the epoch. For the writer thread.
  void transaction(String what, Writing writing) {
    try {
      SqliteConnections.run(writer, "BEGIN IMMEDIATE");
      long counted = StoreRow.countWrite(writer, marks.epoch());
      writing.to(writer);
      SqliteConnections.run(writer, "COMMIT");
      mover.grew(0);
      writes = counted;
      tellWitness();
    } catch (SQLException | IOException | DamagedException e) {
      // The transaction may still be open: whoever catches this opens the store again, which ends
      // it.
      throw new StoreFailed(what, e);
    }
  }

  /// Asks the readers' connection.
  <T> T read(String what, Reading<T> reading) {
    readLock.lock();
    try {
      return reading.from(reader);
    } catch (SQLException e) {
      throw new StoreFailed(what, e);
    } finally {
      readLock.unlock();
    }
  }

  /// Closes what is being given up; an error of it says nothing that could still be acted on, since
  /// what matters was synced before.
  private static void closeQuietly(@Nullable AutoCloseable resource) {
    if (resource != null) {
      try {
        resource.close();
      } catch (Exception e) {
        LOG.log(System.Logger.Level.DEBUG, "closing a resource of the store failed", e);
      }
    }
  }
}
