package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Refusal.Code;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Claiming, and working under a lease.
final class LeaseRulesTest {

  private static final long LEASE = Limits.DEFAULT.leaseMillisDefault();

  private final TestSession session = new TestSession();
  private String agent = "";

  @BeforeEach
  void spawnAnAgent() {
    agent = session.spawn();
  }

  @Test
  void a_claim_starts_the_task_and_gives_a_lease() {
    var task = session.create();
    var claimed = session.tick(7).claim(agent).task();
    long now = TestSession.START + 7;
    assertThat(claimed.id()).isEqualTo(task);
    assertThat(claimed.status()).isEqualTo(TaskStatus.RUNNING);
    assertThat(claimed.assignee()).isEqualTo(agent);
    assertThat(claimed.attempts()).isEqualTo(1);
    assertThat(claimed.startedAtMillis()).isEqualTo(now);
    assertThat(claimed.lease()).isEqualTo(new Lease("token-" + session.seq(), LEASE, now + LEASE));
    assertThat(session.agent(agent).currentTask()).isEqualTo(task);
  }

  @Test
  void the_most_urgent_and_then_the_oldest_task_is_claimed_first() {
    var low = session.create(Priority.LOW);
    var medium = session.create(Priority.MEDIUM);
    var high = session.create(Priority.HIGH);
    var critical = session.create(Priority.CRITICAL);
    var alsoHigh = session.create(Priority.HIGH);
    for (var expected : new String[] {critical, high, alsoHigh, medium, low}) {
      assertThat(session.claim(agent).task().id()).isEqualTo(expected);
      session.complete(expected);
    }
    session.refuses(new Command.ClaimTask(agent, null, null), Code.NOTHING_TO_CLAIM, agent);
  }

  @Test
  void among_a_hundred_tasks_the_oldest_goes_by_number_not_by_text() {
    for (int i = 0; i < 100; i++) {
      session.create();
    }
    assertThat(session.claim(agent).task().id()).isEqualTo("task-3");
    session.complete("task-3");
    assertThat(session.claim(agent).task().id()).isEqualTo("task-4");
  }

  @Test
  void an_agent_finds_its_own_tasks_among_everybodys_by_urgency() {
    var other = session.spawn();
    session.createFor(other);
    var free = session.create(Priority.HIGH);
    var own =
        session.create(new Command.CreateTask("mine", Priority.CRITICAL, null, agent, null, null));
    var ownLater =
        session.create(new Command.CreateTask("mine", Priority.LOW, null, agent, null, null));
    for (var expected : new String[] {own, free, ownLater}) {
      assertThat(session.claim(agent).task().id()).isEqualTo(expected);
      session.complete(expected);
    }
    session.refuses(new Command.ClaimTask(agent, null, null), Code.NOTHING_TO_CLAIM, "no task");
  }

  @Test
  void between_equally_urgent_tasks_the_older_one_wins_whosever_it_is() {
    var free = session.create();
    var own = session.createFor(agent);
    assertThat(session.claim(agent).task().id()).isEqualTo(free);
    session.complete(free);
    assertThat(session.claim(agent).task().id()).isEqualTo(own);
  }

  @Test
  void an_agent_works_on_one_task_at_a_time() {
    var task = session.create();
    session.create();
    session.claim(agent);
    session.refuses(new Command.ClaimTask(agent, null, null), Code.AGENT_BUSY, "works on " + task);
    session.refuses(new Command.ClaimTask(agent, task, null), Code.AGENT_BUSY, "works on " + task);
  }

  @Test
  void a_named_task_must_be_there_to_be_taken() {
    var other = session.spawn();
    var running = session.create();
    session.claim(other, running);
    var assigned = session.createFor(other);
    var done = session.create();
    session.claim(agent, done);
    session.complete(done);
    session.refuses(claim(running), Code.WRONG_STATE, running + " is being worked on by " + other);
    session.refuses(claim(assigned), Code.WRONG_STATE, assigned + " is for " + other + " alone");
    session.refuses(claim(done), Code.WRONG_STATE, done + " is completed");
    session.refuses(claim("task-99"), Code.NOT_FOUND, "there is no task `task-99`");
  }

  @Test
  void a_task_waits_until_all_its_dependencies_are_completed() {
    var one = session.create();
    var two = session.create();
    var last = session.create(one, two);
    session.refuses(claim(last), Code.DEPENDENCIES_UNMET, last + " waits for " + one + ", " + two);
    session.claim(agent, two);
    session.complete(two);
    session.refuses(claim(last), Code.DEPENDENCIES_UNMET, last + " waits for " + one + " to");
    assertThat(session.claim(agent).task().id()).isEqualTo(one);
    session.refuses(
        new Command.ClaimTask(session.spawn(), null, null), Code.NOTHING_TO_CLAIM, "no task");
    session.complete(one);
    assertThat(session.claim(agent).task().id()).isEqualTo(last);
  }

  @Test
  void the_length_of_a_lease_is_bounded() {
    session.create();
    session.refuses(
        new Command.ClaimTask(agent, null, 999L),
        Code.INVALID_ARGUMENT,
        "`lease_ms` must be at least 1000");
    session.refuses(
        new Command.ClaimTask(agent, null, 86_400_001L),
        Code.LIMIT_EXCEEDED,
        "`limits.leaseMillisMax`");
    session.refuses(
        new Command.ClaimTask(agent, null, Long.MIN_VALUE), Code.INVALID_ARGUMENT, "`lease_ms`");
    session.submit(new Command.ClaimTask(agent, null, 1_000L));
    assertThat(session.state().nextDueMillis()).isEqualTo(TestSession.START + 1_000);
  }

  @Test
  void an_update_reports_progress_and_renews_the_lease() {
    var task = session.create();
    var token = TestSession.present(session.claim(agent).task().lease()).token();
    session
        .tick(LEASE - 1)
        .submit(new Command.UpdateTask(task, token, 40, TestSession.object("note", "half")));
    assertThat(session.task(task).progressPercent()).isEqualTo(40);
    assertThat(session.task(task).metadata()).isEqualTo(TestSession.object("note", "half"));
    assertThat(session.task(task).lease())
        .isEqualTo(new Lease(token, LEASE, session.now() + LEASE));
    assertThat(session.agent(agent).lastHeartbeatMillis()).isEqualTo(session.now());
    session.tick(LEASE - 1).submit(new Command.UpdateTask(task, token, null, null));
    assertThat(session.task(task).progressPercent()).isEqualTo(40);
    assertThat(session.task(task).metadata()).isEqualTo(TestSession.object("note", "half"));
  }

  @Test
  void progress_is_a_percentage() {
    var task = session.create();
    session.claim(agent);
    for (var progress : new int[] {-1, 101, Integer.MAX_VALUE}) {
      session.refuses(
          new Command.UpdateTask(task, session.token(task), progress, null),
          Code.INVALID_ARGUMENT,
          "`progress` must be between 0 and 100");
    }
  }

  @Test
  void completing_hands_in_the_result_and_frees_the_agent() {
    var task = session.create();
    session.claim(agent);
    session
        .tick(9)
        .submit(new Command.CompleteTask(task, session.token(task), new JsonString("done")));
    var done = session.task(task);
    assertThat(done.status()).isEqualTo(TaskStatus.COMPLETED);
    assertThat(done.progressPercent()).isEqualTo(100);
    assertThat(done.result()).isEqualTo(new JsonString("done"));
    assertThat(done.lease()).isNull();
    assertThat(done.finishedAtMillis()).isEqualTo(TestSession.START + 9);
    assertThat(done.assignee()).isEqualTo(agent);
    assertThat(session.agent(agent).status()).isEqualTo(AgentStatus.IDLE);
    assertThat(session.agent(agent).currentTask()).isNull();
  }

  @Test
  void a_result_of_json_null_differs_from_no_result() {
    var with = session.create();
    session.claim(agent, with);
    session.submit(new Command.CompleteTask(with, session.token(with), JsonNull.NULL));
    var without = session.create();
    session.claim(agent, without);
    session.complete(without);
    assertThat(session.task(with).result()).isEqualTo(JsonNull.NULL);
    assertThat(session.task(without).result()).isNull();
  }

  @Test
  void a_failed_attempt_puts_the_task_back_until_the_attempts_are_used_up() {
    var task = session.create();
    for (int attempt = 1; attempt <= 2; attempt++) {
      session.claim(agent, task);
      session.fail(task);
      assertThat(session.task(task).status()).isEqualTo(TaskStatus.PENDING);
      assertThat(session.task(task).attempts()).isEqualTo(attempt);
      assertThat(session.task(task).assignee()).isNull();
      assertThat(session.task(task).error()).isEqualTo("it went wrong");
      assertThat(session.agent(agent).status()).isEqualTo(AgentStatus.IDLE);
    }
    session.claim(agent, task);
    session.fail(task);
    assertThat(session.task(task).status()).isEqualTo(TaskStatus.FAILED);
    assertThat(session.task(task).finishedAtMillis()).isEqualTo(session.now());
    session.refuses(claim(task), Code.WRONG_STATE, task + " is failed");
  }

  @Test
  void a_completed_task_no_longer_shows_the_error_of_an_earlier_attempt() {
    var task = session.create();
    session.claim(agent);
    session.fail(task);
    session.claim(agent);
    assertThat(session.task(task).error()).isEqualTo("it went wrong");
    session.complete(task);
    assertThat(session.task(task).error()).isNull();
  }

  @Test
  void what_depends_on_a_failed_task_is_cancelled_with_the_reason() {
    var root = session.create();
    var direct = session.create(root);
    var assigned = session.createFor(agent, direct);
    var both = session.create(root, assigned);
    var unrelated = session.create();
    session.claim(agent, root);
    session.fail(root);
    session.claim(agent, root);
    session.fail(root);
    session.claim(agent, root);
    var failed = session.fail(root);
    assertThat(failed.cancelled())
        .extracting(Task::id)
        .containsExactlyInAnyOrder(direct, assigned, both);
    for (var task : new String[] {direct, assigned, both}) {
      assertThat(session.task(task).status()).isEqualTo(TaskStatus.CANCELLED);
      assertThat(session.task(task).error()).contains(root);
      assertThat(session.task(task).finishedAtMillis()).isEqualTo(session.now());
    }
    assertThat(session.task(unrelated).status()).isEqualTo(TaskStatus.PENDING);
    assertThat(Consistency.check(session.state())).isEmpty();
  }

  @Test
  void a_foreign_token_is_refused_and_not_repeated() {
    var task = session.create();
    session.claim(agent);
    var refusal = session.refused(new Command.UpdateTask(task, "secret-guess", 1, null));
    assertThat(refusal.code()).isEqualTo(Code.LEASE_LOST);
    assertThat(refusal.getMessage())
        .doesNotContain("secret-guess")
        .doesNotContain(session.token(task));
    session.refuses(
        new Command.CompleteTask(task, "x", null), Code.LEASE_LOST, "not the present one");
    session.refuses(new Command.FailTask(task, "", "e"), Code.LEASE_LOST, "not the present one");
  }

  @Test
  void an_expired_lease_is_lost_even_before_it_is_swept() {
    var task = session.create();
    session.claim(agent);
    var token = session.token(task);
    session.tick(LEASE);
    session.refuses(new Command.UpdateTask(task, token, 1, null), Code.LEASE_LOST, "run out");
    session.refuses(new Command.CompleteTask(task, token, null), Code.LEASE_LOST, "run out");
    session.refuses(new Command.FailTask(task, token, "e"), Code.LEASE_LOST, "run out");
  }

  @Test
  void between_its_end_and_the_sweep_a_lease_still_holds_agent_and_task_and_says_so() {
    var task = session.create();
    session.claim(agent);
    session.create();
    session.tick(LEASE);
    session.refuses(new Command.ClaimTask(agent, null, null), Code.AGENT_BUSY, "run out");
    session.refuses(
        new Command.ClaimTask(session.spawn(), task, null), Code.WRONG_STATE, "run out");
    session.submit(new Command.Sweep());
    assertThat(session.claim(agent).task().id()).isEqualTo(task);
  }

  @Test
  void a_zombie_cannot_touch_a_task_that_another_agent_has_claimed_since() {
    var task = session.create();
    session.claim(agent);
    var old = session.token(task);
    session.tick(LEASE).submit(new Command.Sweep());
    session.refuses(
        new Command.CompleteTask(task, old, null), Code.LEASE_LOST, task + " (pending)");
    var other = session.spawn();
    session.claim(other, task);
    session.refuses(
        new Command.CompleteTask(task, old, null), Code.LEASE_LOST, "(running, " + other + ")");
    session.complete(task);
    session.refuses(
        new Command.CompleteTask(task, old, null), Code.WRONG_STATE, task + " is completed");
    assertThat(session.task(task).assignee()).isEqualTo(other);
  }

  @Test
  void a_task_that_is_not_running_has_no_lease_to_show() {
    var task = session.create();
    session.refuses(new Command.UpdateTask(task, "x", 1, null), Code.LEASE_LOST, "pending");
    session.refuses(new Command.UpdateTask("task-99", "x", 1, null), Code.NOT_FOUND, "task-99");
  }

  private Command claim(String taskId) {
    return new Command.ClaimTask(agent, taskId, null);
  }
}
