package dev.planaria.chaos.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.chaos.report.Violation;
import dev.planaria.chaos.server.Told.Ending;
import dev.planaria.chaos.server.Told.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The judge of diaries says nothing of an honest one, and names what is wrong with any other.
class DiaryCheckTest {

  private static Told effect(int caller, String id, Ending ending) {
    return new Told(caller, id, Kind.EFFECT, 0, ending);
  }

  private static Told add(long amount, Ending ending) {
    return new Told(0, "add-" + amount + ending, Kind.ADD, amount, ending);
  }

  private static List<Violation.Kind> judged(List<Told> told, long sum, String... effects) {
    return DiaryCheck.run(told, new Diary(List.of(effects), List.of(1L), 0), sum, false).stream()
        .map(Violation::kind)
        .toList();
  }

  @Test
  void what_was_done_once_and_in_order_is_right_and_what_is_unknown_may_be_either() {
    List<Told> told =
        List.of(
            effect(0, "a", Ending.DONE),
            effect(1, "b", Ending.UNKNOWN),
            effect(0, "c", Ending.NOT_RUN),
            effect(0, "d", Ending.DONE));
    assertThat(judged(told, 0, "a", "d")).isEmpty();
    assertThat(judged(told, 0, "b", "a", "d")).isEmpty();
  }

  @Test
  void each_wrong_effect_is_named() {
    List<Told> told = List.of(effect(0, "a", Ending.DONE), effect(0, "b", Ending.DONE));
    assertThat(judged(told, 0, "a")).containsExactly(Violation.Kind.LOST);
    assertThat(judged(told, 0, "a", "b", "b")).containsExactly(Violation.Kind.DUPLICATED);
    assertThat(judged(told, 0, "b", "a")).containsExactly(Violation.Kind.REORDERED);
    assertThat(judged(told, 0, "a", "b", "x")).containsExactly(Violation.Kind.CHANGED);
    assertThat(judged(List.of(effect(0, "a", Ending.NOT_RUN)), 0, "a"))
        .containsExactly(Violation.Kind.CHANGED);
    assertThat(judged(List.of(effect(0, "a", Ending.NO_ANSWER)), 0))
        .containsExactly(Violation.Kind.STUCK);
  }

  @Test
  void what_is_unknown_may_be_late_over_connections_but_not_twice() {
    List<Told> told = List.of(effect(0, "a", Ending.UNKNOWN), effect(0, "b", Ending.DONE));
    assertThat(judged(told, 0, "b", "a")).containsExactly(Violation.Kind.REORDERED);
    assertThat(overConnections(told, "b", "a")).isEmpty();
    assertThat(overConnections(told, "a", "b", "a")).containsExactly(Violation.Kind.DUPLICATED);
    List<Told> done = List.of(effect(0, "a", Ending.DONE), effect(0, "b", Ending.DONE));
    assertThat(overConnections(done, "b", "a")).containsExactly(Violation.Kind.REORDERED);
  }

  private static List<Violation.Kind> overConnections(List<Told> told, String... effects) {
    var diary = new Diary(List.of(effects), List.of(1L), 0);
    return DiaryCheck.run(told, diary, 0, false, DiaryCheck.Way.CONNECTIONS).stream()
        .map(Violation::kind)
        .toList();
  }

  @Test
  void the_sum_lies_between_what_was_done_and_what_may_have_been() {
    List<Told> told = List.of(add(3, Ending.DONE), add(4, Ending.UNKNOWN), add(5, Ending.NOT_RUN));
    assertThat(judged(told, 3)).isEmpty();
    assertThat(judged(told, 7)).isEmpty();
    assertThat(judged(told, 2)).containsExactly(Violation.Kind.LOST);
    assertThat(judged(told, 8)).containsExactly(Violation.Kind.DUPLICATED);
    var diary = new Diary(List.of(), List.of(), 0);
    assertThat(DiaryCheck.run(told, diary, 2, true)).isEmpty();
  }
}
