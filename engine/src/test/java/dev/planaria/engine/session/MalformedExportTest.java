package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.OperationKey;
import dev.planaria.engine.checkpoint.RememberedOperation;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.MemoryKey;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.StateCodec;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import dev.planaria.engine.storage.simulated.SimulatedStore;
import dev.planaria.engine.transfer.ExportHead;
import dev.planaria.engine.transfer.ExportLimits;
import dev.planaria.engine.transfer.ExportReader;
import dev.planaria.engine.transfer.ExportWriter;
import dev.planaria.engine.transfer.MalformedExport;
import dev.planaria.engine.transfer.TransferGuarantees;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are no sound export, each refused before anything is taken over.
class MalformedExportTest {

  private static final int VERSION_AT = 11;
  private static final int FIRST_BLOCK = 12;

  private final TestEnvironment world = new TestEnvironment();
  private final SessionEngine engine =
      SessionEngine.open(
          new SimulatedStore(new SimulatedDisk()),
          SessionEngineTest.SETTINGS,
          world.environment(),
          null,
          EngineGuarantees.ALL);
  private final List<Entry> entries = new ArrayList<>();
  private SessionView view;
  private byte[] sound = new byte[0];

  @BeforeEach
  void export(@TempDir Path directory) throws IOException {
    SessionId id =
        engine
            .openSession("alpha", null, SwarmConfiguration.DEFAULT, new Caller("t", "open"))
            .state()
            .id();
    for (int i = 0; i < 6; i++) {
      var command =
          new Command.StoreMemory(
              new MemoryKey("n", "k" + i), new JsonString("value " + i), null, null);
      engine.submit(id, command, new Caller("t", "op-" + i));
    }
    engine.export(id, directory.resolve("x"));
    sound = Files.readAllBytes(directory.resolve("x"));
    engine.journal(id, 1, 100, entries::add);
    view = engine.view(id);
  }

  @AfterEach
  void stop() {
    engine.abandon();
  }

  private static CheckpointContent read(byte[] file, ExportLimits limits, TransferGuarantees what) {
    try {
      var reader = new ExportReader(new ByteArrayInputStream(file), limits, what);
      var history = new ImportedHistory(reader.head(), SessionEngineTest.SETTINGS);
      var _ = reader.read(history);
      return history.content();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static CheckpointContent read(byte[] file) {
    return read(file, ExportLimits.DEFAULT, TransferGuarantees.ALL);
  }

  private static void refused(byte[] file, String words) {
    refused(file, ExportLimits.DEFAULT, words);
  }

  private static void refused(byte[] file, ExportLimits limits, String words) {
    assertThatThrownBy(() -> read(file, limits, TransferGuarantees.ALL))
        .isInstanceOf(MalformedExport.class)
        .hasMessageContaining(words);
  }

  private int undetectedFlips(TransferGuarantees guarantees) {
    int undetected = 0;
    for (int at = 0; at < sound.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = sound.clone();
        flipped[at] ^= (byte) (1 << bit);
        try {
          var _ = read(flipped, ExportLimits.DEFAULT, guarantees);
          undetected++;
        } catch (RuntimeException detected) {
          assertThat(detected).as("byte %d, bit %d", at, bit).isInstanceOf(MalformedExport.class);
        }
      }
    }
    return undetected;
  }

  @Test
  void every_flipped_bit_is_noticed() {
    assertThat(read(sound).image().head()).isEqualTo(view.head());
    assertThat(undetectedFlips(TransferGuarantees.ALL)).isZero();
    System.out.println("exports: " + sound.length * 8 + " flipped bits, all noticed");
  }

  @Test
  void without_its_sums_some_would_not_be() {
    int undetected = undetectedFlips(new TransferGuarantees(false, false, true));
    System.out.println("exports: without sums " + undetected + " flipped bits are not noticed");
    assertThat(undetected).isPositive();
  }

  @Test
  void every_length_but_the_right_one_is_noticed() {
    for (int length = 0; length < sound.length; length++) {
      refused(Arrays.copyOf(sound, length), "cut short");
    }
    refused(Arrays.copyOf(sound, sound.length + 1), "goes on behind the end");
  }

  @Test
  void a_newer_version_is_refused_with_what_can_read_it() {
    byte[] newer = sound.clone();
    newer[VERSION_AT] = 2;
    refused(newer, "format version 2, and this version of planaria reads 1; use one that writes");
  }

  /// Writes entries under a head, as somebody could who knows the format.
  private static byte[] forged(
      ExportHead head, @Nullable CheckpointContent start, List<byte[]> entries) {
    var out = new ByteArrayOutputStream();
    try {
      var writer = new ExportWriter(out);
      writer.head(head);
      if (start != null) {
        writer.start(start);
      }
      for (byte[] entry : entries) {
        writer.entry(entry);
      }
      writer.finish();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private ExportHead head() {
    Entry last = entries.getLast();
    return new ExportHead(
        last.sessionId(), "alpha", 0, Hash.ZERO, last.seq(), last.hash(), world.nowMillis());
  }

  private List<byte[]> bytes() {
    return new ArrayList<>(entries.stream().map(EntryCodec::rewrite).toList());
  }

  @Test
  void operations_that_are_doubled_missing_moved_or_of_another_session_are_refused() {
    assertThat(read(forged(head(), null, bytes())).image().head()).isEqualTo(view.head());
    List<byte[]> doubled = bytes();
    doubled.add(3, doubled.get(2));
    refused(forged(head(), null, doubled), "operation 3 stands in the export where operation 4");
    List<byte[]> missing = bytes();
    missing.remove(3);
    refused(forged(head(), null, missing), "operation 5 stands in the export where operation 4");
    List<byte[]> moved = bytes();
    moved.add(2, moved.remove(4));
    refused(forged(head(), null, moved), "operation 5 stands in the export where operation 3");
    List<byte[]> short1 = bytes();
    short1.removeLast();
    refused(forged(head(), null, short1), "ends with operation 6, not with its head, 7");
    refused(forged(head(), null, List.of()), "ends with operation 0");
    List<byte[]> foreign = bytes();
    foreign.set(2, changed(entries.get(2), new SessionId(new UUID(0x7000, 5)), entries.get(1)));
    refused(forged(head(), null, foreign), "of another session");
  }

  private static byte[] changed(Entry entry, SessionId id, Entry before) {
    return new EntryCodec()
        .encode(
            id,
            entry.seq(),
            entry.epoch() + 1,
            entry.timeMillis(),
            entry.commandDigest(),
            entry.principal(),
            entry.operationId(),
            entry.type(),
            entry.body(),
            before.hash())
        .bytes();
  }

  @Test
  void a_chain_that_forks_is_refused_and_without_its_check_it_would_not_be() {
    List<byte[]> forked = bytes();
    forked.set(3, changed(entries.get(3), entries.get(3).sessionId(), entries.get(2)));
    byte[] file = forged(head(), null, forked);
    refused(file, "operation 5 does not follow the one before it in the hash chain");
    assertThat(
            read(file, ExportLimits.DEFAULT, new TransferGuarantees(true, true, false))
                .image()
                .seq())
        .isEqualTo(7);
  }

  @Test
  void a_start_that_is_not_its_own_is_refused() {
    Entry fourth = entries.get(3);
    var image = new SessionImage(view.state(), 4, fourth.hash());
    var head =
        new ExportHead(
            fourth.sessionId(),
            "alpha",
            4,
            fourth.hash(),
            view.head().seq(),
            view.head().hash(),
            1);
    var good = new CheckpointContent(image, List.of(), 0);
    List<byte[]> tail = bytes().subList(3, 7);
    assertThat(read(forged(head, good, tail)).image().seq()).isEqualTo(7);
    refused(forged(head, null, tail), "the state that the export begins with is missing");
    refused(forged(head, good, bytes()), "operation 1 stands in the export where operation 4");
    refused(forged(head, good, tail.subList(1, 4)), "where operation 4 belongs");
    var renamed =
        new ExportHead(head.sessionId(), "beta", 4, head.startHash(), 7, head.headHash(), 1);
    refused(forged(renamed, good, tail), "of another session");
    var otherStart =
        new ExportHead(head.sessionId(), "alpha", 4, entries.get(2).hash(), 7, head.headHash(), 1);
    refused(forged(otherStart, good, tail), "operation 4 does not follow");
    var one = new RememberedOperation(new OperationKey(1, 2), 3, 4, 5);
    var twice = new CheckpointContent(image, List.of(one, one), 0);
    refused(forged(head, twice, tail), "not in order");
    var later = new RememberedOperation(new OperationKey(1, 2), 3, 5, 5);
    refused(forged(head, new CheckpointContent(image, List.of(later), 0), tail), "not in order");
  }

  @Test
  void a_state_that_does_not_agree_with_itself_is_refused() {
    Entry last = entries.getLast();
    var wrong =
        StateCodec.decode(
            new String(StateCodec.encode(view.state()), StandardCharsets.UTF_8)
                .replaceFirst("\"memory_bytes\":\\d+", "\"memory_bytes\":1")
                .getBytes(StandardCharsets.UTF_8));
    var head = new ExportHead(last.sessionId(), "alpha", 7, last.hash(), 7, last.hash(), 1);
    var start = new CheckpointContent(new SessionImage(wrong, 7, last.hash()), List.of(), 0);
    refused(
        forged(head, start, bytes().subList(6, 7)),
        "does not agree with itself:  the sizes do not add up");
  }

  @Test
  void what_exceeds_a_limit_is_refused_with_its_name() {
    ExportLimits all = ExportLimits.DEFAULT;
    refused(
        sound,
        new ExportLimits(all.fileBytes(), all.blockBytes(), all.stateBytes(), 5),
        "more than 5 operations, and at most 5 are allowed (setting `exports.entries`)");
    refused(
        sound,
        new ExportLimits(100, all.blockBytes(), all.stateBytes(), 5),
        "(setting `exports.fileBytes`)");
    refused(
        sound,
        new ExportLimits(all.fileBytes(), 20, all.stateBytes(), 5),
        "(setting `exports.blockBytes`)");
    Entry last = entries.getLast();
    var head = new ExportHead(last.sessionId(), "alpha", 7, last.hash(), 7, last.hash(), 1);
    var start = new CheckpointContent(new SessionImage(view.state(), 7, last.hash()), List.of(), 0);
    refused(
        forged(head, start, bytes().subList(6, 7)),
        new ExportLimits(all.fileBytes(), all.blockBytes(), 100, 5),
        "(setting `exports.stateBytes`)");
  }

  /// A file whose second block is what somebody else made.
  private byte[] withBlock(char kind, int rawLength, byte[] packed) {
    ByteBuffer original = ByteBuffer.wrap(sound);
    int headBlock = 9 + original.getInt(FIRST_BLOCK + 5) + 4;
    ByteBuffer block = ByteBuffer.allocate(9 + packed.length + 4);
    block.put((byte) kind).putInt(rawLength).putInt(packed.length).put(packed);
    var crc = new CRC32C();
    crc.update(block.array(), 0, 9 + packed.length);
    block.putInt((int) crc.getValue());
    ByteBuffer file = ByteBuffer.allocate(FIRST_BLOCK + headBlock + block.capacity());
    file.put(sound, 0, FIRST_BLOCK + headBlock).put(block.array());
    return file.array();
  }

  @Test
  void a_bomb_goes_off_nowhere() {
    byte[] bomb = Zstd.compress(new byte[100 << 20], 19);
    assertThat(bomb.length).isLessThan(20_000);
    refused(withBlock('E', 100 << 20, bomb), "(setting `exports.blockBytes`)");
    refused(withBlock('E', 1_000, bomb), "is not as long as it says");
    refused(withBlock('E', -1, bomb), "(setting `exports.blockBytes`)");
    refused(withBlock('E', Integer.MAX_VALUE, bomb), "(setting `exports.blockBytes`)");
    refused(withBlock('E', 10, new byte[10]), "is not as long as it says");
    refused(withBlock('X', 10, Zstd.compress(new byte[10])), "of no known kind");
    refused(withBlock('H', 10, Zstd.compress(new byte[10])), "not where it belongs");
    refused(withBlock('E', 10, Zstd.compress(new byte[10])), "the export is damaged");
    refused(withBlock('T', 10, Zstd.compress(new byte[10])), "trailer");
    refused(withBlock('T', 48, Zstd.compress(new byte[48])), "SHA-256");
  }

  @Test
  void a_head_that_says_nonsense_is_refused() {
    for (String head :
        List.of(
            "{}",
            "[]",
            "{\"session_id\":\"../../etc\",\"name\":\"a\",\"start_seq\":0}",
            "not json",
            "[".repeat(100_000))) {
      byte[] raw = head.getBytes(StandardCharsets.UTF_8);
      byte[] packed = Zstd.compress(raw);
      ByteBuffer file = ByteBuffer.allocate(FIRST_BLOCK + 9 + packed.length + 4);
      file.put(sound, 0, FIRST_BLOCK);
      file.put((byte) 'H').putInt(raw.length).putInt(packed.length).put(packed);
      var crc = new CRC32C();
      crc.update(file.array(), FIRST_BLOCK, 9 + packed.length);
      file.putInt((int) crc.getValue());
      refused(file.array(), "the head of the export cannot be read");
    }
  }
}
