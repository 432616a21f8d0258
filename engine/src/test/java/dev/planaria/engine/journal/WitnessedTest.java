package dev.planaria.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class WitnessedTest {

  private static Witnessed told(long frameId, long writes) {
    return new Witnessed(
        new FrameHead(frameId, Hash.sha256(new byte[] {(byte) frameId})), 3, writes);
  }

  private static byte[] ring(Witnessed... slots) {
    byte[] ring = new byte[Witnessed.RING_BYTES];
    for (Witnessed slot : slots) {
      System.arraycopy(slot.encode(), 0, ring, slot.offset(), Witnessed.SLOT_BYTES);
    }
    return ring;
  }

  @Test
  void the_newest_slot_of_a_ring_counts_wherever_it_stands() {
    assertThat(Witnessed.newestIn(ring(told(63, 0), told(64, 0), told(65, 0))))
        .contains(told(65, 0));
    assertThat(Witnessed.newestIn(ring(told(65, 1), told(65, 2)))).contains(told(65, 2));
  }

  @Test
  void an_empty_ring_and_one_of_any_length_say_nothing() {
    assertThat(Witnessed.newestIn(new byte[Witnessed.RING_BYTES])).isEmpty();
    for (int length = 0; length < Witnessed.SLOT_BYTES; length++) {
      assertThat(Witnessed.newestIn(new byte[length])).isEmpty();
    }
  }

  @Test
  void a_slot_with_any_byte_changed_is_passed_over() {
    Optional<Witnessed> before = Optional.of(told(9, 4));
    for (int i = 0; i < Witnessed.SLOT_BYTES - 4; i++) {
      byte[] ring = ring(told(9, 4), told(10, 4));
      ring[told(10, 4).offset() + i] ^= 1;
      assertThat(Witnessed.newestIn(ring)).as("byte %d", i).isEqualTo(before);
    }
  }

  @Test
  void what_follows_lands_in_another_slot() {
    assertThat(told(10, 4).offset()).isNotEqualTo(told(11, 4).offset());
    assertThat(told(10, 4).offset()).isNotEqualTo(told(10, 5).offset());
    assertThat(told(10 + Witnessed.SLOTS, 4).offset()).isEqualTo(told(10, 4).offset());
  }
}
