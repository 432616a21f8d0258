package dev.planaria.engine.storage.sqlite;

import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.Witnessed;
import dev.planaria.engine.storage.Missing;
import dev.planaria.engine.storage.StoreEvidence;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the files of a store say before anything in them is changed: the log is scanned, the
/// database read through a connection that cannot write, and both are held against the witness.
///
/// @param row what the store says of itself; empty when it has no tables yet
/// @param head its last frame
/// @param witnessed the witness's newest slot
/// @param log the log as SQLite will take it, and where it breaks off
/// @param evidence what follows from these
record StoreLook(
    Optional<StoreRow> row,
    FrameHead head,
    Optional<Witnessed> witnessed,
    WalScan.Result log,
    StoreEvidence evidence) {

  /// Looks at a store; the directory's lock must be held.
  static StoreLook at(Path database, Path witness, StoreGuarantees guarantees)
      throws IOException, SQLException {
    WalScan.Result log = guarantees.walScan() ? scanLog(logOf(database)) : WalScan.Result.EMPTY;
    WitnessFile.Reading reading =
        guarantees.witness()
            ? WitnessFile.read(witness)
            : new WitnessFile.Reading(Optional.empty(), null);
    Optional<Witnessed> witnessed = reading.newest();
    StoreLook empty = of(Optional.empty(), FrameHead.START, Optional.empty(), reading, log);
    if (isUnborn(database)) {
      return empty;
    }
    try (Connection connection = SqliteConnections.lookingOn(database)) {
      Optional<StoreRow> row = StoreRow.look(connection);
      if (row.isEmpty()) {
        return empty;
      }
      try (SqliteReader reader = new SqliteReader(connection)) {
        FrameHead head = reader.head();
        // Frames up to the low-water mark may have left the database.
        FrameHead lowWater = row.get().lowWater();
        Optional<byte[]> there =
            witnessed.isPresent() ? reader.frame(witnessed.get().frame().id()) : Optional.empty();
        return of(row, head.id() < lowWater.id() ? lowWater : head, there, reading, log);
      }
    }
  }

  /// True for a database that its first process has not finished making. SQLite would delete the
  /// log beside an empty one, and only the first step of making one uses a rollback journal, which
  /// only a connection that writes can take back.
  private static boolean isUnborn(Path database) throws IOException {
    return !Files.exists(database)
        || Files.size(database) == 0
        || Files.exists(database.resolveSibling(database.getFileName() + "-journal"));
  }

  /// The log that SQLite keeps beside a database.
  static Path logOf(Path database) {
    return database.resolveSibling(database.getFileName() + "-wal");
  }

  /// Keeps a copy of a log whose rest SQLite is about to drop; what can be read in it may still be
  /// of use.
  static void setLogAside(Path database, Missing missing) throws IOException {
    Path log = logOf(database);
    if (Files.exists(log)) {
      Path copy =
          log.resolveSibling(
              log.getFileName() + ".lost-" + missing.fromFrame() + "-" + missing.toFrame());
      PrivateFiles.create(copy);
      Files.write(copy, Files.readAllBytes(log));
    }
  }

  private static WalScan.Result scanLog(Path log) throws IOException {
    if (!Files.exists(log)) {
      return WalScan.Result.EMPTY;
    }
    try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
      return WalScan.run(channel::read, channel.size());
    }
  }

  /// Weighs what was read.
  ///
  /// @param there the stored frame of the id that the witness names
  private static StoreLook of(
      Optional<StoreRow> row,
      FrameHead head,
      Optional<byte[]> there,
      WitnessFile.Reading witness,
      WalScan.Result log) {
    Optional<Missing> missing = missing(head, there, witness, log);
    var findings = new ArrayList<String>();
    missing.ifPresent(lost ->
        findings.add(
            lost.frames()
                + (witness.newest().isPresent() ? "" : " or fewer")
                + " of its frames are missing ("
                + lost.fromFrame()
                + " to "
                + lost.toFrame()
                + "), its last one is frame "
                + head.id()));
    log.broken()
        .filter(broken -> missing.isPresent() || broken.isDamage())
        .ifPresent(broken ->
            findings.add(
                "its write-ahead log is damaged at byte "
                    + broken.position()
                    + ", "
                    + broken.commits()
                    + " transactions end behind that"));
    if (witness.trouble() != null && head.id() > 0) {
      findings.add("its witness cannot tell whether anything is missing: " + witness.trouble());
    }
    if (missing.isEmpty()) {
      row.ifPresent(stored -> findings.addAll(olderThan(witness.newest(), stored)));
    }
    long witnessedFrame = witness.newest().map(slot -> slot.frame().id()).orElse(0L);
    return new StoreLook(
        row, head, witness.newest(), log, new StoreEvidence(witnessedFrame, missing, findings));
  }

  private static Optional<Missing> missing(
      FrameHead head, Optional<byte[]> there, WitnessFile.Reading witness, WalScan.Result log) {
    if (witness.newest().isEmpty()) {
      // Without a witness the log alone tells; each of its transactions was a frame, at most.
      return log.broken()
          .filter(WalScan.Break::isDamage)
          .map(broken -> new Missing(head.id() + 1, head.id() + broken.commits()));
    }
    FrameHead newest = witness.newest().get().frame();
    if (newest.id() > head.id()) {
      return Optional.of(new Missing(head.id() + 1, newest.id()));
    }
    return there
        .filter(bytes -> isAnother(bytes, newest))
        .map(_ -> new Missing(newest.id(), newest.id()));
  }

  /// True for an intact frame that is not the one of the witness. One that is not intact is no
  /// other frame but a damaged one, which harms its own sessions alone.
  private static boolean isAnother(byte[] bytes, FrameHead witnessed) {
    try {
      return Frame.read(bytes).id() == witnessed.id()
          && !Hash.sha256(bytes).equals(witnessed.hash());
    } catch (DamagedException damaged) {
      return false;
    }
  }

  private static List<String> olderThan(Optional<Witnessed> newest, StoreRow row) {
    return newest
        .filter(slot -> slot.writes() > row.writes() || slot.epoch() > row.epoch())
        .map(slot ->
            List.of(
                (slot.writes() - row.writes())
                    + " of its writes beside the journal are missing (checkpoints, marks or"
                    + " recovery records)"))
        .orElse(List.of());
  }
}
