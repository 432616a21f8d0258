package dev.planaria.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.state.SessionId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EntryCodecTest {

  private static final SessionId SESSION =
      new SessionId(UUID.fromString("01900000-0000-7000-8000-000000000001"));

  private final EntryCodec codec = new EntryCodec();

  private EntryCodec.Encoded encode(long seq, Hash previous) {
    return codec.encode(
        SESSION,
        seq,
        3,
        1_700_000_000_000L,
        Hash.sha256(new byte[] {9}),
        "operator",
        "op-" + seq,
        "memory_stored",
        "{\"a\":1}".getBytes(StandardCharsets.UTF_8),
        previous);
  }

  @Test
  void an_entry_comes_back_as_it_was_written() {
    EntryCodec.Encoded encoded = encode(1, Hash.ZERO);
    Entry entry = EntryCodec.decode(encoded.bytes(), 0);
    assertThat(entry.sessionId()).isEqualTo(SESSION);
    assertThat(entry.seq()).isEqualTo(1);
    assertThat(entry.epoch()).isEqualTo(3);
    assertThat(entry.timeMillis()).isEqualTo(1_700_000_000_000L);
    assertThat(entry.commandDigest()).isEqualTo(Hash.sha256(new byte[] {9}));
    assertThat(entry.principal()).isEqualTo("operator");
    assertThat(entry.operationId()).isEqualTo("op-1");
    assertThat(entry.type()).isEqualTo("memory_stored");
    assertThat(entry.body()).asString().isEqualTo("{\"a\":1}");
    assertThat(entry.hash()).isEqualTo(encoded.hash());
    assertThat(codec.follows(Hash.ZERO, encoded.bytes(), 0)).isTrue();
  }

  @Test
  void every_flipped_bit_of_an_entry_is_noticed() {
    byte[] bytes = encode(1, Hash.ZERO).bytes();
    int flips = 0;
    for (int i = 0; i < bytes.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = bytes.clone();
        flipped[i] ^= (byte) (1 << bit);
        assertThatThrownBy(() -> EntryCodec.decode(flipped, 0))
            .as("bit %d of byte %d", bit, i)
            .isInstanceOf(DamagedException.class);
        flips++;
      }
    }
    assertThat(flips).isEqualTo(bytes.length * 8);
  }

  @Test
  void every_truncation_of_an_entry_is_noticed() {
    byte[] bytes = encode(1, Hash.ZERO).bytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = java.util.Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> EntryCodec.decode(cut, 0)).isInstanceOf(DamagedException.class);
    }
  }

  @Test
  void an_entry_that_is_intact_but_in_the_wrong_place_does_not_follow() {
    EntryCodec.Encoded first = encode(1, Hash.ZERO);
    EntryCodec.Encoded second = encode(2, first.hash());
    assertThat(codec.follows(first.hash(), second.bytes(), 0)).isTrue();
    assertThat(codec.follows(Hash.ZERO, second.bytes(), 0)).isFalse();
  }

  @Test
  void every_flipped_bit_of_a_frame_is_noticed() {
    Frame frame = Frame.of(FrameHead.START, 1, List.of(encode(1, Hash.ZERO).bytes()));
    assertThat(Frame.read(frame.bytes()).entries()).isEqualTo(1);
    for (int i = 0; i < frame.bytes().length; i++) {
      byte[] flipped = frame.bytes().clone();
      flipped[i] ^= 1;
      assertThatThrownBy(() -> Frame.read(flipped)).isInstanceOf(DamagedException.class);
    }
  }

  @Test
  void a_text_that_does_not_fit_is_refused_before_anything_is_written() {
    assertThatThrownBy(() ->
            codec.encode(
                SESSION, 1, 1, 1, Hash.ZERO, "p".repeat(256), "o", "t", new byte[0], Hash.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("principal");
  }
}
