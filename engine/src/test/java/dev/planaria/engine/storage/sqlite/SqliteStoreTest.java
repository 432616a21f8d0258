package dev.planaria.engine.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.JournalException.StoreFailed;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionStatus;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.SessionRow;
import dev.planaria.engine.storage.Store;
import dev.planaria.engine.storage.StoreContract;
import dev.planaria.engine.storage.archive.SegmentInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreTest extends StoreContract {

  @TempDir Path directory;

  @Override
  protected Store open() {
    return SqliteStore.open(directory);
  }

  @Override
  protected void kill(Store store) {
    // Inside one process a kill cannot be had; what it leaves behind is a log that nobody moved.
    store.close();
  }

  @Test
  void a_directory_that_is_in_use_is_refused() {
    try (Store store = open()) {
      assertThat(store.marks().epoch()).isEqualTo(1);
      assertThatThrownBy(this::open)
          .isInstanceOf(StoreLocked.class)
          .hasMessageContaining(directory.toString());
    }
  }

  @Test
  void the_database_is_private() throws Exception {
    try (Store store = open()) {
      store.sync();
      for (String name : new String[] {"planaria.db", "planaria.db-wal", "lock"}) {
        Path file = directory.resolve(name);
        if (Files.exists(file) && !name.equals("lock")) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .as(name)
              .isEqualTo("rw-------");
        }
      }
    }
  }

  @Test
  void the_archive_is_private_and_says_what_is_missing() throws Exception {
    try (Store store = open()) {
      assertThat(store.archive().segmentFiles().names()).isEmpty();
      store.archive().segmentFiles().write("one", new byte[] {1, 2});
      store.archive().segmentFiles().write("one", new byte[] {3});
      store.archive().segmentFiles().sync("one");
      assertThat(store.archive().segmentFiles().read("one")).containsExactly(3);
      Path archive = directory.resolve(SqliteStore.ARCHIVE);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archive)))
          .isEqualTo("rwx------");
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(archive.resolve("one"))))
          .isEqualTo("rw-------");
      store.archive().segmentFiles().delete("one");
      store.archive().segmentFiles().delete("one");
      assertThatThrownBy(() -> store.archive().segmentFiles().read("one"))
          .isInstanceOf(DamagedException.class)
          .hasMessageContaining("missing");
    }
  }

  @Test
  void a_changed_line_of_the_archives_index_is_noticed() throws Exception {
    var segment =
        new SegmentInfo(
            FrameHead.START,
            new FrameHead(3, Hash.sha256(new byte[] {1})),
            Hash.sha256(new byte[] {2}),
            9,
            1_000);
    try (Store store = open()) {
      store.archive().addSegment(segment);
      assertThat(store.archive().segments()).containsExactly(segment);
    }
    for (String change : new String[] {"dropped = 1", "archived_at_millis = 0", "bytes = 8"}) {
      change("UPDATE archive_segment SET " + change);
      try (Store store = open()) {
        assertThatThrownBy(() -> store.archive().segments())
            .as(change)
            .isInstanceOf(DamagedException.class)
            .hasMessageContaining("checksum");
        assertThat(store.check()).anyMatch(wrong -> wrong.contains("archive's index"));
      }
    }
  }

  @Test
  void a_session_whose_line_is_changed_or_gone_is_named_and_the_others_are_handed_on()
      throws Exception {
    var one = new SessionId(new UUID(0, 1));
    var two = new SessionId(new UUID(0, 2));
    try (Store store = open()) {
      for (SessionId id : List.of(one, two)) {
        byte[] body = {1, 2, 3};
        Hash hash = Hash.sha256(body);
        var info =
            new CheckpointInfo(id + "-c", id, null, CheckpointInfo.Kind.FULL, 7, 5, null, 3, false);
        store.saveCheckpoint(new StoredCheckpoint(info, hash, hash, body));
        var row = new SessionRow(id, "n" + id, SessionStatus.ACTIVE, 5, 7, hash);
        store.markVerified(List.of(info.id()), row, new FrameSpans(1, List.of()));
      }
    }
    for (String change :
        List.of(
            "UPDATE session SET name = 'other' WHERE id = '" + one + "'",
            "UPDATE session SET status = 'none' WHERE id = '" + one + "'",
            "UPDATE session SET id = 'x' WHERE id = '" + one + "'",
            "DELETE FROM session WHERE id = 'x'")) {
      change(change);
      try (Store store = open()) {
        var listed = new ArrayList<SessionId>();
        assertThat(store.sessions(row -> listed.add(row.id()))).as(change).containsExactly(one);
        assertThat(listed).containsExactly(two);
      }
    }
  }

  @Test
  void a_newer_format_is_refused_and_a_changed_row_is_noticed() throws Exception {
    open().close();
    change("UPDATE store SET format = 99");
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreFormatException.class)
        .hasMessageContaining("format 99");
    change("UPDATE store SET format = 3, epoch = 77");
    assertThatThrownBy(this::open)
        .isInstanceOf(DamagedException.class)
        .hasMessageContaining("checksum");
  }

  @Test
  void a_file_that_is_no_database_is_refused() throws Exception {
    Files.writeString(
        directory.resolve(SqliteStore.DATABASE), "this is not a database, by far".repeat(200));
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreFailed.class)
        .hasMessageContaining("planaria.db");
  }

  @Test
  void a_store_opened_for_reading_changes_nothing_and_a_missing_one_is_not_made() {
    assertThatThrownBy(() -> SqliteStore.openReadOnly(directory)).isInstanceOf(StoreFailed.class);
    open().close();
    try (Store reading = SqliteStore.openReadOnly(directory)) {
      assertThat(reading.marks().epoch()).isEqualTo(1);
      assertThatThrownBy(reading::markClosed).isInstanceOf(StoreFailed.class);
    }
    try (Store store = open()) {
      assertThat(store.marks().epoch()).isEqualTo(2);
    }
  }

  private void change(String sql) throws SQLException {
    try (Connection connection =
        SqliteConnections.writer(directory.resolve(SqliteStore.DATABASE))) {
      SqliteConnections.run(connection, sql);
    }
  }
}
