package dev.planaria.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.checkpoint.CheckpointInfo;
import dev.planaria.engine.checkpoint.CheckpointInfo.Kind;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.journal.DroppedException;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.journal.JournalException.Fenced;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionStatus;
import dev.planaria.engine.storage.FrameSpans.Span;
import dev.planaria.engine.storage.archive.Segment;
import dev.planaria.engine.storage.archive.SegmentInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What every store must do. One subclass per implementation.
public abstract class StoreContract {

  protected static final SessionId SESSION =
      new SessionId(UUID.fromString("01900000-0000-7000-8000-000000000001"));

  /// Opens the store of this test, again if it was open before.
  protected abstract Store open();

  /// Ends the process that has the store open without closing it in order.
  protected abstract void kill(Store store);

  private static Frame frame(FrameHead previous, long epoch, String content) {
    return Frame.of(
        previous, epoch, List.of(content.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  private static FrameHead headOf(Frame frame) {
    return new FrameHead(frame.id(), frame.hash());
  }

  @Test
  void a_fresh_store_is_empty_and_gives_out_epoch_1() {
    try (Store store = open()) {
      assertThat(store.marks()).isEqualTo(new StoreMarks(1, true, FrameHead.START));
      assertThat(store.head()).isEqualTo(FrameHead.START);
      assertThat(store.check()).isEmpty();
    }
  }

  @Test
  void frames_come_back_as_they_were_appended_after_a_kill() {
    Store store = open();
    Frame first = frame(FrameHead.START, 1, "one");
    Frame second = frame(headOf(first), 1, "two");
    store.append(first);
    store.append(second);
    kill(store);
    try (Store again = open()) {
      again.sync();
      var ids = new ArrayList<Long>();
      again.scan(
          0,
          (id, bytes) -> {
            ids.add(id);
            assertThat(bytes).isEqualTo((id == 1 ? first : second).bytes());
          });
      assertThat(ids).containsExactly(1L, 2L);
      assertThat(again.head()).isEqualTo(headOf(second));
      assertThat(again.slice(2, Frame.HEADER_BYTES, Frame.HEADER_BYTES + 3))
          .asString()
          .isEqualTo("two");
    }
  }

  @Test
  void an_opening_raises_the_epoch_and_knows_whether_the_last_one_was_closed_in_order() {
    Store store = open();
    kill(store);
    store = open();
    assertThat(store.marks().epoch()).isEqualTo(2);
    assertThat(store.marks().closedCleanly()).isFalse();
    store.markClosed();
    store.close();
    try (Store third = open()) {
      assertThat(third.marks().epoch()).isEqualTo(3);
      assertThat(third.marks().closedCleanly()).isTrue();
    }
  }

  @Test
  void an_append_under_an_old_epoch_is_refused() {
    Store store = open();
    kill(store);
    try (Store newer = open()) {
      Frame zombie = frame(FrameHead.START, 1, "zombie");
      assertThatThrownBy(() -> newer.append(zombie)).isInstanceOf(Fenced.class);
      assertThat(newer.head()).isEqualTo(FrameHead.START);
    }
  }

  @Test
  void a_store_can_be_opened_again_in_the_middle_and_goes_on() {
    try (Store store = open()) {
      Frame first = frame(FrameHead.START, 1, "one");
      store.append(first);
      store.reopen();
      assertThat(store.head()).isEqualTo(headOf(first));
      store.append(frame(headOf(first), 1, "two"));
      assertThat(store.head().id()).isEqualTo(2);
    }
  }

  @Test
  void checkpoints_catalogue_and_index_come_back() {
    byte[] body = {1, 2, 3};
    var info = new CheckpointInfo("c1", SESSION, null, Kind.FULL, 7, 1000, "label", 3, false);
    var row = new SessionRow(SESSION, "alpha", SessionStatus.ACTIVE, 500, 7, Hash.sha256(body));
    var spans = new FrameSpans(1, List.of(new Span(1, 60, 200, 3), new Span(9, 60, 900, 4)));
    Store store = open();
    store.saveCheckpoint(new StoredCheckpoint(info, row.hash(), Hash.sha256(body), body));
    store.markVerified(List.of("c1"), row, spans);
    store.moveLowWater(new FrameHead(9, row.hash()));
    kill(store);
    try (Store again = open()) {
      assertThat(again.marks().lowWater()).isEqualTo(new FrameHead(9, row.hash()));
      assertThat(again.checkpoint("c1").orElseThrow().body()).isEqualTo(body);
      assertThat(again.checkpoints(SESSION))
          .singleElement()
          .extracting(CheckpointInfo::seq)
          .isEqualTo(7L);
      var rows = new ArrayList<SessionRow>();
      again.sessions(rows::add);
      assertThat(rows).containsExactly(row);
      assertThat(again.spansHolding(SESSION, 5)).contains(spans);
      assertThat(again.spansHolding(SESSION, 8)).isEmpty();
    }
  }

  @Test
  void a_frame_is_read_from_its_row_or_from_its_segment_and_its_row_goes_only_behind_a_segment() {
    var frames = new ArrayList<Frame>();
    FrameHead head = FrameHead.START;
    Store store = open();
    for (int i = 0; i < 10; i++) {
      frames.add(frame(head, 1, "frame number " + i));
      head = headOf(frames.getLast());
      store.append(frames.getLast());
    }
    List<byte[]> oldest = store.archive().frames(1, 6, Long.MAX_VALUE);
    assertThat(oldest).hasSize(6);
    Segment segment = Segment.of(FrameHead.START, oldest);
    byte[] file = segment.encode();
    var info =
        new SegmentInfo(segment.before(), segment.last(), Hash.sha256(file), file.length, 1_000);
    store.archive().segmentFiles().write(info.fileName(), file);
    store.archive().segmentFiles().sync(info.fileName());
    store.archive().addSegment(info);
    // At first both, then half, then the segment alone: always every frame once.
    assertEachFrameOnce(store, frames);
    store.archive().deleteFrames(1, 3);
    assertThat(store.archive().firstFrame()).isEqualTo(4);
    assertEachFrameOnce(store, frames);
    store.archive().deleteFrames(4, 6);
    kill(store);
    try (Store again = open()) {
      assertThat(again.archive().segments()).containsExactly(info);
      assertThat(again.archive().firstFrame()).isEqualTo(7);
      assertEachFrameOnce(again, frames);
      assertThat(again.check()).isEmpty();
      again.archive().dropSegment(info);
      assertThat(again.archive().segments()).isEmpty();
      assertThat(again.archive().historyStart()).isEqualTo(segment.last());
      assertThatThrownBy(() -> again.slice(2, 0, 10)).isInstanceOf(DroppedException.class);
    }
  }

  private static void assertEachFrameOnce(Store store, List<Frame> frames) {
    var found = new ArrayList<byte[]>();
    store.scan(
        0,
        (id, bytes) -> {
          assertThat(id).isEqualTo(found.size() + 1L);
          found.add(bytes);
        });
    assertThat(found).hasSameSizeAs(frames);
    for (Frame frame : frames) {
      assertThat(found.get((int) frame.id() - 1)).isEqualTo(frame.bytes());
      assertThat(store.slice(frame.id(), 5, 30))
          .isEqualTo(java.util.Arrays.copyOfRange(frame.bytes(), 5, 30));
    }
  }

  @Test
  void checkpoints_that_are_deleted_are_gone() {
    byte[] body = {1, 2, 3};
    try (Store store = open()) {
      for (String id : List.of("c1", "c2", "c3")) {
        var info = new CheckpointInfo(id, SESSION, null, Kind.FULL, 7, 1000, null, 3, false);
        var hash = Hash.sha256(body);
        store.saveCheckpoint(new StoredCheckpoint(info, hash, hash, body));
      }
      store.deleteCheckpoints(List.of("c1", "c3", "never"));
      assertThat(store.checkpoints(SESSION)).extracting(CheckpointInfo::id).containsExactly("c2");
      assertThat(store.checkpoint("c1")).isEmpty();
    }
  }

  @Test
  void recovery_records_are_kept_for_a_run_and_for_a_session() {
    String run = "01900000-0000-7000-8000-0000000000aa";
    try (Store store = open()) {
      store.saveRecoveries(
          List.of(
              new StoredRecovery(run, Optional.empty(), 10, "{\"run\":1}"),
              new StoredRecovery(run, Optional.of(SESSION), 10, "{\"session\":1}")));
      store.saveRecoveries(List.of(new StoredRecovery(run, Optional.empty(), 10, "{\"run\":2}")));
      assertThat(store.recoveries(Optional.empty(), 10)).containsExactly("{\"run\":2}");
      assertThat(store.recoveries(Optional.of(SESSION), 10)).containsExactly("{\"session\":1}");
    }
  }

  @Test
  void recovery_records_of_all_are_told_newest_first_page_by_page() {
    var session = Optional.of(SESSION);
    try (Store store = open()) {
      for (int i = 0; i < 7; i++) {
        String id = "01900000-0000-7000-8000-00000000000" + i;
        store.saveRecoveries(
            List.of(
                new StoredRecovery(
                    id, i % 2 == 0 ? session : Optional.empty(), 10 + i / 2, "" + i)));
      }
      var told = new ArrayList<String>();
      Optional<RecoveryPage.Place> place = Optional.of(RecoveryPage.Place.START);
      while (place.isPresent()) {
        RecoveryPage page = store.recoveries(11, place.get(), 2);
        assertThat(page.records()).hasSizeLessThanOrEqualTo(2);
        assertThat(page.damaged()).isZero();
        page.records().forEach(record -> told.add(record.json()));
        place = page.next();
      }
      assertThat(told).containsExactly("6", "5", "4", "3", "2");
    }
  }
}
