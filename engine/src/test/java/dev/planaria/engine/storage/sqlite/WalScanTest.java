package dev.planaria.engine.storage.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WalScanTest {

  private static final int HEADER = 32;
  private static final int FRAME = 24 + 4096;
  private static final int COMMITS = 8;

  @TempDir Path directory;
  private byte[] log = new byte[0];
  private long frames;

  /// A log as SQLite writes it: a commit for each row.
  @BeforeEach
  void writeLog() throws Exception {
    Path file = directory.resolve("a.db");
    try (Connection connection = SqliteConnections.writer(file)) {
      SqliteConnections.run(connection, "CREATE TABLE t (x)");
      for (int i = 0; i < 30; i++) {
        SqliteConnections.update(connection, "INSERT INTO t VALUES (randomblob(3000))");
      }
      // The log starts over; what it held before stays in the file behind what comes now.
      assertThat(SqliteConnections.moveLog(connection, "RESTART").isComplete()).isTrue();
      for (int i = 0; i < COMMITS; i++) {
        SqliteConnections.update(connection, "INSERT INTO t VALUES (randomblob(3000))");
      }
      log = Files.readAllBytes(StoreLook.logOf(file));
    }
    frames = scan(log).frames();
  }

  private static WalScan.Result scan(byte[] bytes) throws Exception {
    return WalScan.run((into, position) -> read(bytes, into, position), bytes.length);
  }

  private static int read(byte[] bytes, ByteBuffer into, long position) {
    int count = (int) Math.min(into.remaining(), bytes.length - position);
    into.put(bytes, (int) position, count);
    return count;
  }

  private static byte[] flipped(byte[] bytes, int offset, int bit) {
    byte[] copy = bytes.clone();
    copy[offset] ^= (byte) (1 << bit);
    return copy;
  }

  @Test
  void a_sound_log_is_read_to_its_last_commit_and_what_was_there_before_it_is_no_damage()
      throws Exception {
    WalScan.Result result = scan(log);
    assertThat(result.commits()).isEqualTo(COMMITS);
    assertThat(result.broken()).isEmpty();
    assertThat(log.length).isGreaterThan((int) (HEADER + frames * FRAME));
  }

  @Test
  void a_flipped_byte_anywhere_before_the_last_two_commits_is_damage_with_its_position()
      throws Exception {
    int stride = 101;
    int seen = 0;
    for (int offset = 0; offset < HEADER + (frames - 3) * FRAME; offset += stride) {
      WalScan.Result result = scan(flipped(log, offset, offset % 8));
      int broken = offset < HEADER ? 0 : HEADER + (offset - HEADER) / FRAME * FRAME;
      assertThat(result.broken()).as("byte %d", offset).isPresent();
      assertThat(result.broken().orElseThrow().position()).isEqualTo(broken);
      assertThat(result.broken().orElseThrow().isDamage()).as("byte %d", offset).isTrue();
      seen++;
    }
    assertThat(seen).isGreaterThan(100);
  }

  @Test
  void a_flip_in_the_last_transaction_could_be_a_torn_tail_and_is_left_to_the_witness()
      throws Exception {
    long last = HEADER + (frames - 1) * FRAME;
    WalScan.Result result = scan(flipped(log, (int) last + 100, 3));
    assertThat(result.commits()).isEqualTo(COMMITS - 1);
    assertThat(result.broken().orElseThrow().isDamage()).isFalse();
  }

  @Test
  void a_log_cut_at_any_length_is_a_torn_tail() throws Exception {
    for (int length = 0; length <= HEADER + frames * FRAME; length += 37) {
      WalScan.Result result = scan(Arrays.copyOf(log, length));
      assertThat(result.broken().filter(WalScan.Break::isDamage)).as("length %d", length).isEmpty();
    }
  }

  @Test
  void a_zeroed_frame_in_the_middle_is_damage() throws Exception {
    byte[] zeroed = log.clone();
    Arrays.fill(zeroed, HEADER + FRAME, HEADER + 2 * FRAME, (byte) 0);
    assertThat(scan(zeroed).broken().orElseThrow())
        .matches(WalScan.Break::isDamage)
        .matches(broken -> broken.position() == HEADER + FRAME);
  }

  @Test
  void bytes_that_are_no_log_are_read_without_an_error() throws Exception {
    long seed = System.nanoTime();
    System.out.println("logs of random bytes: seed " + seed);
    var random = new Random(seed);
    int readable = 0;
    for (int i = 0; i < 200; i++) {
      byte[] bytes = new byte[random.nextInt(20_000)];
      random.nextBytes(bytes);
      readable += (int) scan(bytes).frames();
    }
    assertThat(readable).isZero();
  }
}
