package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The indexes do in a large session what they do in a small one.
final class TaskBoardTest {

  private static final int MANY = 20_000;

  @Test
  void claiming_goes_past_any_number_of_finished_and_blocked_tasks() {
    var session = new TestSession();
    var limits = new TestLimits();
    limits.openBytes = Long.MAX_VALUE / 2;
    session.limits(limits.toLimits());
    var agent = session.spawn();
    for (int i = 0; i < MANY; i++) {
      session.create();
      session.complete(session.claim(agent).task().id());
    }
    var gate = session.create(Priority.LOW);
    for (int i = 0; i < MANY; i++) {
      session.create(Priority.HIGH, gate);
    }
    var board = session.state().indexes().board();
    assertThat(board.claimable()).containsExactly(new TaskBoard.Claimable("", Priority.LOW, gate));
    assertThat(board.counts().count(TaskStatus.COMPLETED)).isEqualTo(MANY);
    session.complete(session.claim(agent).task().id());
    assertThat(session.state().indexes().board().claimable()).hasSize(MANY);
    assertThat(session.claim(agent).task().id()).isEqualTo("task-" + idAfter(gate));
    assertThat(Consistency.check(session.state())).isEmpty();
  }

  @Test
  void a_long_chain_of_dependents_is_cancelled_in_one_go() {
    var session = new TestSession();
    var agent = session.spawn();
    var root = session.create(new Command.CreateTask("do it", null, null, null, 1, null));
    var last = root;
    for (int i = 0; i < MANY; i++) {
      last = session.create(last);
    }
    session.claim(agent);
    assertThat(session.fail(root).cancelled()).hasSize(MANY);
    assertThat(session.task(last).error()).contains(root);
    assertThat(session.state().indexes().openBytes()).isEqualTo(Weight.of(session.agent(agent)));
    assertThat(Consistency.check(session.state())).isEmpty();
  }

  @Test
  void what_is_derived_is_empty_again_when_everything_is_done() {
    var session = new TestSession();
    var agent = session.spawn();
    var one = session.create();
    session.createFor(agent, one);
    session.complete(session.claim(agent).task().id());
    session.complete(session.claim(agent).task().id());
    var board = session.state().indexes().board();
    assertThat(board.claimable()).isEmpty();
    assertThat(board.leases()).isEmpty();
    assertThat(board.dependents()).isEmpty();
    assertThat(board.assigned()).isEmpty();
    assertThat(board.openBytes()).isZero();
  }

  private static long idAfter(String taskId) {
    return Long.parseLong(taskId.substring("task-".length())) + 1;
  }
}
