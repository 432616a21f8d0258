package dev.planaria.engine.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.recovery.DecisionTable.Row;
import dev.planaria.engine.recovery.DecisionTable.Situation;
import dev.planaria.engine.recovery.DecisionTable.Where;
import dev.planaria.engine.recovery.RecoveryRecord.Strategy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DecisionTableTest {

  private static List<Situation> all() {
    var situations = new ArrayList<Situation>();
    for (Level level : Level.values()) {
      for (Where where : Where.values()) {
        for (boolean checkpoint : List.of(true, false)) {
          for (boolean failed : List.of(true, false)) {
            situations.add(new Situation(level, where, checkpoint, failed));
          }
        }
      }
    }
    return situations;
  }

  @Test
  void every_situation_has_exactly_one_row_and_every_row_a_situation() {
    List<Situation> situations = all();
    assertThat(situations).hasSize(4 * 5 * 2 * 2);
    Set<Strategy> used = EnumSet.noneOf(Strategy.class);
    for (Situation situation : situations) {
      List<Row> rows = DecisionTable.ROWS.stream().filter(row -> row.matches(situation)).toList();
      assertThat(rows).as("%s", situation).hasSize(1);
      assertThat(DecisionTable.decide(situation)).isEqualTo(rows.getFirst());
      used.add(rows.getFirst().strategy());
    }
    assertThat(used).containsExactlyInAnyOrder(Strategy.values());
    assertThat(DecisionTable.ROWS).allSatisfy(row -> assertThat(situations).anyMatch(row::matches));
  }

  @Test
  void the_table_says_what_the_specification_says() {
    decides(Level.NONE, Where.NOWHERE, Strategy.IMMEDIATE_RESTART);
    decides(Level.HIGH, Where.NEWEST_CHECKPOINT, Strategy.CHECKPOINT_ROLLBACK);
    decides(Level.HIGH, Where.OLDER_CHAIN, Strategy.CHECKPOINT_ROLLBACK);
    decides(Level.HIGH, Where.TAIL_ENTRY, Strategy.PARTIAL_RECOVERY);
    decides(Level.MEDIUM, Where.NOWHERE, Strategy.PARTIAL_RECOVERY);
    decides(Level.LOW, Where.NOWHERE, Strategy.GRACEFUL_DEGRADATION);
    decides(Level.HIGH, Where.NOTHING_READABLE, Strategy.FRESH_STATE);
    assertThat(DecisionTable.decide(new Situation(Level.LOW, Where.NOWHERE, true, true)).strategy())
        .isEqualTo(Strategy.MANUAL_INTERVENTION);
  }

  private static void decides(Level level, Where where, Strategy strategy) {
    assertThat(DecisionTable.decide(new Situation(level, where, true, false)).strategy())
        .isEqualTo(strategy);
  }

  @Test
  void an_estimate_follows_from_the_data() {
    Estimate before = Estimate.of(5, 200, 100, 0);
    assertThat(before.operationsLost()).isEqualTo(5);
    assertThat(before.lossPercent()).isEqualTo(2.5);
    assertThat(before.millis()).isEmpty();
    assertThat(Estimate.of(0, 200, 100_000, 50_000).millis()).hasValue(2_000);
    assertThat(Estimate.of(0, 0, 0, 50_000).lossPercent()).isZero();
  }
}
