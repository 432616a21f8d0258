package dev.planaria.chaos.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.chaos.report.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a test's ledger notices.
class LedgerTest {

  private final Ledger ledger = new Ledger();

  @Test
  void what_was_acknowledged_and_is_there_once_and_in_order_comes_out() {
    ledger.acknowledged("a");
    ledger.unknown("b");
    ledger.refused("c");
    ledger.acknowledged("d");
    ledger.observed(List.of("a", "b", "d"));
    assertThat(ledger.violations()).isEmpty();
    assertThat(ledger.gaps()).isEmpty();
    ledger.observed(List.of("a", "d"));
    assertThat(ledger.violations()).isEmpty();
    assertThat(ledger).hasToString("2 acknowledged, 1 refused, 1 unknown, 2 observed");
  }

  @Test
  void what_is_gone_doubled_out_of_order_or_uncalled_for_is_noticed() {
    ledger.acknowledged("a");
    ledger.acknowledged("b");
    ledger.acknowledged("c");
    ledger.refused("d");
    ledger.observed(List.of("c", "b", "b", "d", "e"));
    assertThat(ledger.violations())
        .containsExactlyInAnyOrder(
            new Violation(Violation.Kind.LOST, "a was acknowledged and is not there"),
            new Violation(Violation.Kind.DUPLICATED, "b is there 2 times"),
            new Violation(Violation.Kind.UNSOUND, "d was refused and is there"),
            new Violation(Violation.Kind.UNSOUND, "e is there, and nobody has asked for it"),
            new Violation(Violation.Kind.REORDERED, "c was acknowledged after b and is before it"));
  }

  @Test
  void what_got_no_answer_may_be_there_but_not_twice() {
    ledger.unknown("a");
    ledger.observed(List.of("a", "a"));
    assertThat(ledger.violations())
        .containsExactly(new Violation(Violation.Kind.DUPLICATED, "a is there 2 times"));
  }

  @Test
  void callers_have_an_order_each_and_a_server_may_have_none() {
    ledger.acknowledged("one", "a");
    ledger.acknowledged("two", "b");
    ledger.acknowledged("one", "c");
    ledger.observed(List.of("b", "a", "c"));
    assertThat(ledger.violations()).isEmpty();
    ledger.observed(List.of("c", "b", "a"));
    assertThat(ledger.violations())
        .extracting(Violation::kind)
        .containsExactly(Violation.Kind.REORDERED);
    ledger.ignoreOrder();
    assertThat(ledger.violations()).isEmpty();
  }

  @Test
  void a_ledger_in_which_nothing_stands_shows_nothing() {
    assertThat(ledger.gaps())
        .containsExactly(
            "nothing was acknowledged, so that nothing could be lost",
            "nobody has looked at what is there afterwards (Ledger.observed)");
  }

  @Test
  void a_name_stands_for_one_thing() {
    ledger.acknowledged("a");
    assertThatThrownBy(() -> ledger.refused("a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("`name` must be fresh, 'a' was used before");
  }
}
