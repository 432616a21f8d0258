package dev.planaria.engine.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.integrity.Verification;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Witnessed;
import dev.planaria.engine.recovery.TailScan;
import dev.planaria.engine.storage.Missing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WitnessTest {

  private static final int FRAMES = 6;

  @TempDir Path directory;

  /// A store that was killed with this many frames in its log.
  private Path killed(int frames) throws Exception {
    Path live = directory.resolve("live");
    Path copy = directory.resolve("killed-" + frames);
    try (SqliteStore store = SqliteStore.open(live)) {
      store.sync();
      append(store, frames);
      copy(live, copy);
    }
    return copy;
  }

  private static void append(SqliteStore store, int frames) {
    for (int i = 0; i < frames; i++) {
      FrameHead head = store.head();
      byte[] content = ("frame " + head.id()).getBytes(StandardCharsets.UTF_8);
      store.append(Frame.of(head, store.marks().epoch(), List.of(content)));
    }
  }

  private static void copy(Path from, Path to) throws Exception {
    Files.createDirectories(to);
    for (String name : List.of("planaria.db", "planaria.db-wal", "witness")) {
      if (Files.exists(from.resolve(name))) {
        Files.copy(from.resolve(name), to.resolve(name));
      }
    }
  }

  private static Map<String, byte[]> contents(Path directory) throws Exception {
    var contents = new TreeMap<String, byte[]>();
    for (String name : List.of("planaria.db", "planaria.db-wal", "witness")) {
      Path file = directory.resolve(name);
      // Looking may leave an empty log, as every reader of SQLite does.
      if (Files.exists(file) && Files.size(file) > 0) {
        contents.put(name, Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private static SqliteStore accepting(Path directory) {
    return SqliteStore.open(directory, OnLoss.ACCEPT, StoreGuarantees.ALL);
  }

  private static Witnessed told(Path directory) {
    return WitnessFile.read(directory.resolve(SqliteStore.WITNESS)).newest().orElseThrow();
  }

  @Test
  void the_witness_names_each_frame_as_soon_as_it_is_on_disk() throws Exception {
    try (SqliteStore store = SqliteStore.open(directory)) {
      store.sync();
      for (int i = 1; i <= 130; i++) {
        append(store, 1);
        assertThat(told(directory).frame()).isEqualTo(store.head());
      }
      Path file = directory.resolve(SqliteStore.WITNESS);
      assertThat(Files.size(file)).isEqualTo(Witnessed.RING_BYTES);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void a_killed_store_that_lost_nothing_opens_without_a_finding() throws Exception {
    try (SqliteStore store = SqliteStore.open(killed(FRAMES))) {
      assertThat(store.marks().evidence().findings()).isEmpty();
      assertThat(store.marks().evidence().missing()).isEmpty();
      assertThat(store.marks().evidence().witnessedFrame()).isEqualTo(FRAMES);
      assertThat(store.head().id()).isEqualTo(FRAMES);
    }
  }

  @Test
  void a_store_without_its_log_is_refused_with_the_number_of_lost_frames_and_left_as_it_is()
      throws Exception {
    Path store = killed(FRAMES);
    Files.delete(store.resolve("planaria.db-wal"));
    Map<String, byte[]> before = contents(store);
    assertThatThrownBy(() -> SqliteStore.open(store))
        .isInstanceOfSatisfying(
            StoreBehindWitness.class,
            behind -> assertThat(behind.missing()).isEqualTo(new Missing(1, FRAMES)))
        .hasMessageContaining("6 of its frames are missing (1 to 6)")
        .hasMessageContaining(store.toString());
    assertThat(contents(store)).containsExactlyInAnyOrderEntriesOf(before);
  }

  @Test
  void a_log_with_a_flipped_byte_is_refused_with_its_position_and_left_as_it_is() throws Exception {
    Path store = killed(FRAMES);
    flip(store.resolve("planaria.db-wal"), 32 + 2 * (24 + 4096) + 500);
    Map<String, byte[]> before = contents(store);
    assertThatThrownBy(() -> SqliteStore.open(store))
        .isInstanceOf(StoreBehindWitness.class)
        .hasMessageContaining("damaged at byte " + (32 + 2 * (24 + 4096)));
    assertThat(contents(store)).containsExactlyInAnyOrderEntriesOf(before);
  }

  @Test
  void without_a_witness_the_log_alone_shows_what_is_lost() throws Exception {
    Path store = killed(FRAMES);
    Files.delete(store.resolve("witness"));
    flip(store.resolve("planaria.db-wal"), 32 + 2 * (24 + 4096) + 500);
    assertThatThrownBy(() -> SqliteStore.open(store))
        .isInstanceOf(StoreBehindWitness.class)
        .hasMessageContaining("or fewer");
  }

  @Test
  void an_empty_directory_with_a_witness_is_no_fresh_store() throws Exception {
    Path store = killed(FRAMES);
    Files.delete(store.resolve("planaria.db"));
    assertThatThrownBy(() -> SqliteStore.open(store)).isInstanceOf(StoreBehindWitness.class);
    assertThat(store.resolve("planaria.db")).doesNotExist();
    assertThat(store.resolve("planaria.db-wal")).exists();
  }

  @Test
  void another_frame_under_the_witnessed_id_is_a_loss() throws Exception {
    Path store = killed(FRAMES);
    var slot =
        new Witnessed(new FrameHead(FRAMES, told(store).frame().hash()), 1, told(store).writes());
    var other = new Witnessed(new FrameHead(FRAMES, FrameHead.START.hash()), 1, slot.writes());
    byte[] ring = Files.readAllBytes(store.resolve("witness"));
    System.arraycopy(other.encode(), 0, ring, other.offset(), Witnessed.SLOT_BYTES);
    Files.write(store.resolve("witness"), ring);
    assertThatThrownBy(() -> SqliteStore.open(store))
        .isInstanceOfSatisfying(
            StoreBehindWitness.class,
            behind -> assertThat(behind.missing()).isEqualTo(new Missing(FRAMES, FRAMES)));
  }

  @Test
  void an_accepted_loss_is_declared_in_the_journal_and_no_frame_id_is_used_again()
      throws Exception {
    Path store = killed(FRAMES);
    flip(store.resolve("planaria.db-wal"), 32 + 4 * (24 + 4096) + 500);
    byte[] log = Files.readAllBytes(store.resolve("planaria.db-wal"));
    Missing lost;
    try (SqliteStore accepted = accepting(store)) {
      lost = accepted.marks().evidence().missing().orElseThrow();
      accepted.sync();
      assertThat(accepted.head().id()).isEqualTo(FRAMES + 1);
      append(accepted, 2);
      assertThat(TailScan.run(accepted).head().id()).isEqualTo(FRAMES + 3);
    }
    Path aside = store.resolve("planaria.db-wal.lost-" + lost.fromFrame() + "-" + lost.toFrame());
    assertThat(Files.readAllBytes(aside)).isEqualTo(log);
    try (SqliteStore again = SqliteStore.open(store)) {
      assertThat(again.marks().evidence().findings()).isEmpty();
      var ids = new ArrayList<Long>();
      again.scan(0, (id, _) -> ids.add(id));
      assertThat(ids).contains(FRAMES + 1L, FRAMES + 2L, FRAMES + 3L);
      assertThat(ids).doesNotContain(lost.fromFrame(), lost.toFrame());
      // The test's frames hold no entries that could be decoded, but none of them is missed.
      assertThat(TailScan.run(again).findings()).noneMatch(it -> it.contains("missing"));
      assertThat(Verification.run(again).findings())
          .noneMatch(it -> it.sentence().contains("missing"));
    }
  }

  @Test
  void a_missing_witness_is_a_finding_and_is_made_anew() throws Exception {
    Path store = killed(FRAMES);
    Files.delete(store.resolve("witness"));
    try (SqliteStore opened = SqliteStore.open(store)) {
      assertThat(opened.marks().evidence().findings())
          .singleElement()
          .asString()
          .contains("witness cannot tell", "not there");
      assertThat(opened.check()).isNotEmpty();
      opened.sync();
      assertThat(told(store).frame().id()).isEqualTo(FRAMES);
    }
    try (SqliteStore again = SqliteStore.open(store)) {
      assertThat(again.marks().evidence().findings()).isEmpty();
    }
  }

  @Test
  void an_unreadable_witness_is_a_finding() throws Exception {
    Path store = killed(FRAMES);
    Files.write(store.resolve("witness"), new byte[100]);
    try (SqliteStore opened = SqliteStore.open(store)) {
      assertThat(opened.marks().evidence().findings())
          .singleElement()
          .asString()
          .contains("no slot of it is whole");
    }
  }

  @Test
  void a_torn_slot_leaves_the_one_before_it_in_force() throws Exception {
    Path store = killed(FRAMES);
    Witnessed newest = told(store);
    flip(store.resolve("witness"), newest.offset() + 20);
    assertThat(told(store).frame().id()).isEqualTo(FRAMES - 1);
    try (SqliteStore opened = SqliteStore.open(store)) {
      assertThat(opened.marks().evidence().findings()).isEmpty();
    }
  }

  @Test
  void a_store_that_is_behind_can_be_looked_at_and_says_so() throws Exception {
    Path store = killed(FRAMES);
    Files.delete(store.resolve("planaria.db-wal"));
    Map<String, byte[]> before = contents(store);
    try (SqliteStore reading = SqliteStore.openReadOnly(store)) {
      assertThat(reading.marks().evidence().missing()).contains(new Missing(1, FRAMES));
      assertThat(reading.check()).isNotEmpty();
    }
    assertThat(contents(store)).containsExactlyInAnyOrderEntriesOf(before);
  }

  @Test
  void a_lost_write_beside_the_journal_is_a_finding_and_refuses_nothing() throws Exception {
    Path store = killed(FRAMES);
    Witnessed newest = told(store);
    var later = new Witnessed(newest.frame(), newest.epoch(), newest.writes() + 3);
    byte[] ring = Files.readAllBytes(store.resolve("witness"));
    System.arraycopy(later.encode(), 0, ring, later.offset(), Witnessed.SLOT_BYTES);
    Files.write(store.resolve("witness"), ring);
    try (SqliteStore opened = SqliteStore.open(store)) {
      assertThat(opened.marks().evidence().missing()).isEmpty();
      assertThat(opened.marks().evidence().findings())
          .singleElement()
          .asString()
          .startsWith("3 of its writes beside the journal are missing");
    }
  }

  private static void flip(Path file, int offset) throws Exception {
    byte[] bytes = Files.readAllBytes(file);
    bytes[offset] ^= 1;
    Files.write(file, bytes);
  }
}
