package dev.planaria.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.checkpoint.CheckpointInfo.Kind;
import dev.planaria.engine.state.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Which checkpoints stay.
final class CheckpointChainsTest {

  private static final SessionId SESSION =
      new SessionId(UUID.fromString("01900000-0000-7000-8000-000000000001"));

  private final List<CheckpointInfo> newestFirst = new ArrayList<>();

  private void add(String id, @Nullable String parent, @Nullable String label, boolean verified) {
    newestFirst.addFirst(
        new CheckpointInfo(
            id,
            SESSION,
            parent,
            parent == null ? Kind.FULL : Kind.INCREMENTAL,
            newestFirst.size() + 1,
            1_000L + newestFirst.size(),
            label,
            10,
            verified));
  }

  private List<String> surplus(CheckpointChains chains) {
    return chains.sort(newestFirst).surplus().stream().map(CheckpointInfo::id).toList();
  }

  @Test
  void two_chains_stay_and_what_lies_before_them_goes() {
    add("a", null, null, true);
    add("a1", "a", null, true);
    add("b", null, null, true);
    assertThat(surplus(CheckpointChains.DEFAULT)).isEmpty();
    add("b1", "b", null, true);
    add("c", null, null, true);
    assertThat(surplus(CheckpointChains.DEFAULT)).containsExactly("a1", "a");
    assertThat(CheckpointChains.DEFAULT.replayFromSeq(newestFirst)).isEqualTo(4);
  }

  @Test
  void a_full_one_that_was_never_verified_is_no_chain() {
    add("a", null, null, true);
    add("b", null, null, true);
    add("torn", null, null, false);
    assertThat(surplus(CheckpointChains.DEFAULT)).containsExactly("torn");
    assertThat(CheckpointChains.DEFAULT.replayFromSeq(newestFirst)).isEqualTo(2);
  }

  @Test
  void labelled_ones_stay_with_what_they_stand_on_up_to_a_number() {
    add("a", null, null, true);
    add("a1", "a", null, true);
    add("a2", "a1", "old", true);
    add("a3", "a2", null, true);
    add("b", null, "older", true);
    add("c", null, "newer", true);
    add("d", null, null, true);
    add("e", null, null, true);
    assertThat(surplus(new CheckpointChains(8, 50, 2, 3))).containsExactly("a3");
    assertThat(surplus(new CheckpointChains(8, 50, 2, 1)))
        .containsExactly("b", "a3", "a2", "a1", "a");
  }

  @Test
  void links_in_a_circle_are_survived() {
    add("a", "b", null, true);
    add("b", "a", null, true);
    assertThat(surplus(CheckpointChains.DEFAULT)).containsExactly("b", "a");
    assertThat(CheckpointChains.DEFAULT.replayFromSeq(newestFirst)).isEqualTo(1);
  }
}
