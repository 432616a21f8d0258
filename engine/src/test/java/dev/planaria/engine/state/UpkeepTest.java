package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.state.Refusal.Code;
import org.junit.jupiter.api.Test;

/// What the engine does by itself: sweeping, resuming, closing.
final class UpkeepTest {

  private static final long LEASE = Limits.DEFAULT.leaseMillisDefault();

  private final TestSession session = new TestSession();

  @Test
  void an_expired_lease_puts_the_task_back_and_takes_its_agent_for_gone() {
    var agent = session.spawn();
    var task = session.create();
    session.claim(agent);
    session
        .tick(LEASE - 1)
        .refuses(new Command.Sweep(), Code.NOTHING_TO_SWEEP, "no lease, memory entry or call");
    var swept = (Operation.Swept) session.tick(1).submit(new Command.Sweep());
    assertThat(swept.tasks()).containsExactly(session.task(task));
    assertThat(session.task(task).status()).isEqualTo(TaskStatus.PENDING);
    assertThat(session.task(task).error()).isEqualTo("the lease of " + agent + " ran out");
    assertThat(session.agent(agent).status()).isEqualTo(AgentStatus.OFFLINE);
    assertThat(session.agent(agent).currentTask()).isNull();
    assertThat(session.agent(agent).lastHeartbeatMillis()).isEqualTo(TestSession.START);
    session.refuses(new Command.Sweep(), Code.NOTHING_TO_SWEEP, "no lease, memory entry or call");
    assertThat(session.claim(agent).task().attempts()).isEqualTo(2);
  }

  @Test
  void a_task_whose_lease_expires_at_its_last_attempt_fails_and_cancels_what_depends_on_it() {
    var agent = session.spawn();
    var task = session.create(new Command.CreateTask("do it", null, null, null, 2, null));
    var dependent = session.create(task);
    for (int attempt = 0; attempt < 2; attempt++) {
      session.claim(agent);
      session.tick(LEASE).submit(new Command.Sweep());
    }
    assertThat(session.task(task).status()).isEqualTo(TaskStatus.FAILED);
    assertThat(session.task(task).assignee()).isEqualTo(agent);
    assertThat(session.task(dependent).status()).isEqualTo(TaskStatus.CANCELLED);
    assertThat(session.state().nextDueMillis()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void a_sweep_settles_a_bounded_number_of_things_the_oldest_first_and_the_rest_stays_due() {
    var limits = new TestLimits();
    limits.sweepItems = 3;
    session.limits(limits.toLimits());
    for (int i = 0; i < 5; i++) {
      session.create();
      session.tick(1).claim(session.spawn());
    }
    for (int i = 0; i < 4; i++) {
      var key = new MemoryKey("default", "k" + i);
      session.submit(new Command.StoreMemory(key, JsonNull.NULL, 10L + i, null));
    }
    session.tick(LEASE);
    assertThat(sweep().tasks()).extracting(Task::id).containsExactly("task-2", "task-5", "task-8");
    var second = sweep();
    assertThat(second.tasks()).hasSize(2);
    assertThat(second.memory()).containsExactly(new MemoryKey("default", "k0"));
    assertThat(sweep().memory()).hasSize(3);
    session.refuses(new Command.Sweep(), Code.NOTHING_TO_SWEEP, "no lease, memory entry or call");
    assertThat(session.state().memory()).isEmpty();
    assertThat(session.state().memoryBytes()).isZero();
  }

  @Test
  void what_is_due_next_is_the_first_lease_or_entry_to_run_out() {
    assertThat(session.state().nextDueMillis()).isEqualTo(Long.MAX_VALUE);
    session.create();
    session.claim(session.spawn());
    assertThat(session.state().nextDueMillis()).isEqualTo(TestSession.START + LEASE);
    session.submit(new Command.StoreMemory(new MemoryKey("a", "b"), JsonNull.NULL, 50L, null));
    assertThat(session.state().nextDueMillis()).isEqualTo(TestSession.START + 50);
    session.submit(new Command.DeleteMemory(new MemoryKey("a", "b")));
    assertThat(session.state().nextDueMillis()).isEqualTo(TestSession.START + LEASE);
  }

  @Test
  void after_a_crash_every_lease_has_its_full_length_again_whatever_the_clock_says() {
    var agent = session.spawn();
    var task = session.create();
    session.claim(agent);
    var token = session.token(task);
    session.tick(10 * LEASE);
    var resumed = (Operation.Resumed) session.submit(new Command.ResumeAfterCrash("recovery-1"));
    assertThat(resumed.tasks()).extracting(Task::id).containsExactly(task);
    assertThat(session.task(task).lease())
        .isEqualTo(new Lease(token, LEASE, session.now() + LEASE));
    assertThat(session.agent(agent).status()).isEqualTo(AgentStatus.BUSY);
    session.submit(new Command.CompleteTask(task, token, null));
  }

  @Test
  void renewing_never_shortens_a_lease_when_the_clock_went_back() {
    session.create();
    var task = session.claim(session.spawn()).task();
    session.tick(-3_600_000).submit(new Command.ResumeAfterCrash("recovery-1"));
    assertThat(session.task(task.id()).lease()).isEqualTo(task.lease());
  }

  @Test
  void closing_cancels_what_is_unfinished_and_retires_who_is_left() {
    var agent = session.spawn();
    var done = session.create();
    session.claim(agent);
    session.complete(done);
    var running = session.create();
    session.claim(agent);
    var waiting = session.create(running);
    var assigned = session.createFor(agent);
    var idle = session.spawn();
    session.submit(new Command.CloseSession("enough for today"));
    assertThat(session.state().status()).isEqualTo(SessionStatus.TERMINATED);
    assertThat(session.task(done).status()).isEqualTo(TaskStatus.COMPLETED);
    for (var task : new String[] {running, waiting, assigned}) {
      assertThat(session.task(task).status()).isEqualTo(TaskStatus.CANCELLED);
      assertThat(session.task(task).error()).isEqualTo("the session was closed");
      assertThat(session.task(task).lease()).isNull();
    }
    assertThat(session.agent(agent).status()).isEqualTo(AgentStatus.RETIRED);
    assertThat(session.agent(idle).status()).isEqualTo(AgentStatus.RETIRED);
    assertThat(session.state().nextDueMillis()).isEqualTo(Long.MAX_VALUE);
    assertThat(Consistency.check(session.state())).isEmpty();
  }

  private Operation.Swept sweep() {
    return (Operation.Swept) session.submit(new Command.Sweep());
  }
}
