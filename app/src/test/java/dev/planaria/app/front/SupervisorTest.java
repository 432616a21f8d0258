package dev.planaria.app.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.recovery.CrashEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The process monitor, ticked with a clock that the test holds.
class SupervisorTest {

  private static final long STEP_MILLIS = 50;

  /// A worker that does nothing but remember what it was told.
  private static final class IdleWorker implements Worker {
    private final long pid;
    private boolean drained;
    private boolean killed;

    IdleWorker(long pid) {
      this.pid = pid;
    }

    @Override
    public long pid() {
      return pid;
    }

    @Override
    public Path socket() {
      return Path.of("nowhere.sock");
    }

    @Override
    public void drain() {
      drained = true;
    }

    @Override
    public void kill() {
      killed = true;
    }

    @Override
    public void cleanUp() {}
  }

  private long nowMillis = 1_000_000;
  private final List<IdleWorker> workers = new ArrayList<>();
  private final List<WorkerCommand> commands = new ArrayList<>();
  private final List<@Nullable CrashEvent> told = new ArrayList<>();
  private final List<String> order = new ArrayList<>();
  private boolean launchFails;
  private long endingOrphansMillis;

  private final FrontEnvironment environment =
      new FrontEnvironment(
          () -> nowMillis,
          () -> TimeUnit.MILLISECONDS.toNanos(nowMillis),
          () -> "stamp",
          line -> {});

  private final WorkerCommand command =
      new WorkerCommand("java", List.of("-XX:AOTCache=a"), "cp", "Main", List.of());

  private final Supervisor monitor =
      new Supervisor(
          command,
          SupervisionSettings.DEFAULT,
          environment,
          new Supervisor.Surroundings(
              this::launch,
              new WorkerPool(ForwardingSettings.DEFAULT, () -> "because"),
              this::endOrphans,
              pid -> order.add("ready " + pid)));

  private void endOrphans() {
    order.add("orphans ended");
    nowMillis += endingOrphansMillis;
  }

  private Worker launch(
      long generation, WorkerCommand how, @Nullable CrashEvent crash, Consumer<MonitorEvent> events)
      throws IOException {
    order.add("launched " + generation);
    commands.add(how);
    told.add(crash);
    if (launchFails) {
      throw new IOException("no such program");
    }
    var worker = new IdleWorker(100 + generation);
    workers.add(worker);
    return worker;
  }

  /// Lets time pass, in steps as small as the monitor's own.
  private void pass(long millis) {
    for (var left = millis; left > 0; left -= STEP_MILLIS) {
      var step = Math.min(left, STEP_MILLIS);
      nowMillis += step;
      monitor.step(null, TimeUnit.MILLISECONDS.toNanos(step));
    }
  }

  private void tell(MonitorEvent event) {
    monitor.step(event, TimeUnit.MILLISECONDS.toNanos(STEP_MILLIS));
  }

  private long generation() {
    return monitor.status().generation();
  }

  private void ready() {
    tell(new MonitorEvent.Ready(generation()));
  }

  private void beat(long millis) {
    for (var passed = 0L; passed < millis; passed += 5_000) {
      pass(5_000);
      tell(new MonitorEvent.Heartbeat(generation(), "serving"));
    }
  }

  /// Somebody outside kills the worker.
  private void die() {
    tell(new MonitorEvent.Exited(generation(), 137));
  }

  /// The worker crashes.
  private void crash() {
    tell(new MonitorEvent.Exited(generation(), 134));
  }

  @Test
  void a_first_death_is_followed_by_the_next_start_at_once() {
    monitor.start();
    ready();
    beat(10_000);
    pass(3_000);
    die();

    assertThat(order).endsWith("ready 101", "orphans ended", "launched 2");
    assertThat(told.getLast())
        .isEqualTo(
            new CrashEvent(
                CrashEvent.Type.PROCESS_CRASH,
                nowMillis,
                nowMillis,
                nowMillis - 3_000,
                "serving",
                CrashEvent.Severity.LOW));
  }

  @Test
  void an_exit_is_when_it_was_seen_however_long_ending_the_orphans_takes() {
    monitor.start();
    ready();
    endingOrphansMillis = 700;
    var killedMillis = nowMillis;
    die();
    assertThat(Objects.requireNonNull(told.getLast()).failedAtMillis()).isEqualTo(killedMillis);
    assertThat(Objects.requireNonNull(told.getLast()).detectedAtMillis()).isEqualTo(killedMillis);
  }

  @Test
  void workers_that_die_young_are_started_after_doubling_pauses_up_to_a_bound() {
    monitor.start();
    ready();
    beat(60_000);
    var pauses = new ArrayList<Long>();
    for (var i = 0; i < 11; i++) {
      var before = generation();
      crash();
      var start = nowMillis;
      while (generation() == before) {
        pass(STEP_MILLIS);
      }
      pauses.add(nowMillis - start);
      ready();
      pass(900);
    }
    assertThat(pauses)
        .containsExactly(0L, 0L, 100L, 200L, 400L, 800L, 1_600L, 3_200L, 6_400L, 10_000L, 10_000L);

    pass(100);
    crash();
    assertThat(monitor.status().state())
        .as("a worker that served for a second")
        .isEqualTo("starting");
  }

  @Test
  void workers_that_served_and_were_killed_from_outside_are_followed_by_the_next_at_once() {
    monitor.start();
    for (var i = 1; i <= 20; i++) {
      ready();
      pass(STEP_MILLIS);
      die();
      assertThat(monitor.status().state()).as("after kill " + i).isEqualTo("starting");
    }
  }

  @Test
  void workers_that_are_killed_young_without_end_are_started_after_growing_pauses_too() {
    monitor.start();
    int forgiven = Backoff.DEFAULT.killsForgiven();
    for (var i = 1; i <= forgiven + 1; i++) {
      ready();
      pass(STEP_MILLIS);
      die();
      assertThat(monitor.status().state()).as("after kill " + i).isEqualTo("starting");
    }
    ready();
    die();
    assertThat(monitor.status().state()).isEqualTo("pausing");
    assertThat(monitor.status().sentence()).contains((forgiven + 2) + " times in a row");
    pass(100);
    assertThat(monitor.status().state()).isEqualTo("starting");
    ready();
    pass(Backoff.DEFAULT.youngMillis());
    die();
    assertThat(monitor.status().state()).as("one that was not young").isEqualTo("starting");
  }

  @Test
  void what_a_worker_says_before_it_gives_up_is_told_until_one_is_ready() {
    monitor.start();
    tell(new MonitorEvent.Refused(generation(), "the disk is gone"));
    crash();
    assertThat(monitor.status().sentence()).contains("could not serve: the disk is gone");
    assertThat(monitor.refusal()).isEqualTo("the disk is gone");
    ready();
    assertThat(monitor.refusal()).isNull();
    assertThat(monitor.status().sentence()).doesNotContain("disk");
  }

  @Test
  void after_a_death_before_ready_the_next_start_trusts_no_class_cache() {
    monitor.start();
    crash();
    assertThat(commands.getLast()).isEqualTo(command.withoutClassCache()).isNotEqualTo(command);
    ready();
    beat(5_000);
    die();
    assertThat(commands.getLast()).isEqualTo(command);
  }

  @Test
  void silence_is_a_hang_and_ends_with_a_kill_and_a_restart() {
    monitor.start();
    ready();
    beat(20_000);
    pass(14_950);
    assertThat(workers.getLast().killed).isFalse();
    pass(50);
    assertThat(workers.getLast().killed).isTrue();
    assertThat(monitor.isReady()).isFalse();

    die();
    assertThat(told.getLast())
        .isEqualTo(
            new CrashEvent(
                CrashEvent.Type.PROCESS_HANG,
                nowMillis,
                nowMillis - 15_000,
                nowMillis - 15_000,
                "serving",
                CrashEvent.Severity.HIGH));
    assertThat(generation()).isEqualTo(2);
  }

  @Test
  void a_monitor_that_was_stopped_itself_does_not_take_the_silence_for_a_hang() {
    monitor.start();
    ready();
    nowMillis += 3_600_000;
    monitor.step(null, TimeUnit.MILLISECONDS.toNanos(STEP_MILLIS));
    assertThat(workers.getLast().killed).isFalse();
    pass(15_000);
    assertThat(workers.getLast().killed).as("but silence after that counts").isTrue();
  }

  @Test
  void a_worker_that_never_becomes_ready_is_killed() {
    monitor.start();
    ready();
    beat(5_000);
    die();
    pass(59_950);
    assertThat(workers.getLast().killed).isFalse();
    pass(50);
    assertThat(workers.getLast().killed).isTrue();
  }

  @Test
  void a_first_worker_that_dies_again_and_again_before_it_is_ready_is_given_up() {
    monitor.start();
    die();
    die();
    pass(100);
    die();
    assertThat(monitor.started()).isCompletedWithValue(false);
    assertThat(monitor.stopped()).isCompletedWithValue(true);
    assertThat(workers).hasSize(3);
  }

  @Test
  void a_program_that_cannot_be_started_is_a_death_too() {
    launchFails = true;
    monitor.start();
    monitor.step(null, 0);
    for (var i = 0; i < 3; i++) {
      pass(STEP_MILLIS);
      tell(new MonitorEvent.Heartbeat(0, "of nobody"));
    }
    pass(100);
    tell(new MonitorEvent.Heartbeat(0, "of nobody"));
    assertThat(monitor.started()).isCompletedWithValue(false);
  }

  @Test
  void the_next_worker_is_told_of_the_crash_that_nobody_has_dealt_with_yet() {
    monitor.start();
    ready();
    beat(60_000);
    die();
    var first = told.getLast();
    pass(40);
    die();
    assertThat(told.getLast()).as("the one before died before it was ready").isEqualTo(first);
    ready();
    beat(5_000);
    die();
    assertThat(told.getLast()).isNotEqualTo(first);
    assertThat(monitor.status().crashes()).hasSize(3);
  }

  @Test
  void an_end_that_the_worker_announced_is_no_crash() {
    monitor.start();
    ready();
    beat(5_000);
    tell(new MonitorEvent.Clean(1));
    die();
    assertThat(told.getLast()).isNull();
    assertThat(monitor.status().crashes()).isEmpty();
    assertThat(generation()).isEqualTo(2);
  }

  @Test
  void a_planned_change_drains_first_and_says_when_the_next_worker_serves() {
    monitor.start();
    ready();
    beat(5_000);
    var done = new CompletableFuture<MonitorEvent.Replaced>();
    tell(new MonitorEvent.Replace(null, done));
    assertThat(workers.getLast().drained).isTrue();
    assertThat(generation()).isEqualTo(1);
    tell(new MonitorEvent.Clean(1));
    die();
    assertThat(done).isNotDone();
    ready();
    assertThat(done.join().happened()).isTrue();
    assertThat(told.getLast()).isNull();
  }

  @Test
  void a_worker_that_does_not_drain_in_time_is_killed_and_replaced_all_the_same() {
    monitor.start();
    ready();
    var done = new CompletableFuture<MonitorEvent.Replaced>();
    tell(new MonitorEvent.Replace(null, done));
    pass(29_950);
    assertThat(workers.getLast().killed).isFalse();
    pass(50);
    assertThat(workers.getLast().killed).isTrue();
    die();
    ready();
    assertThat(done.join().happened()).isTrue();
    assertThat(monitor.status().crashes()).as("it was our own doing").isEmpty();
  }

  @Test
  void a_new_command_that_brings_up_no_worker_is_taken_back() {
    monitor.start();
    ready();
    beat(5_000);
    var upgrade = new WorkerCommand("java-next", List.of(), "cp", "Main", List.of());
    var done = new CompletableFuture<MonitorEvent.Replaced>();
    tell(new MonitorEvent.Replace(upgrade, done));
    tell(new MonitorEvent.Clean(1));
    die();
    assertThat(commands.getLast()).isEqualTo(upgrade);
    die();
    assertThat(commands.getLast()).isEqualTo(command.withoutClassCache());
    assertThat(done.join().happened()).isFalse();
    assertThat(done.join().sentence()).contains("the former command is back");
    ready();
    assertThat(monitor.isReady()).isTrue();
  }

  @Test
  void only_one_change_at_a_time_is_made() {
    monitor.start();
    ready();
    tell(new MonitorEvent.Replace(null, new CompletableFuture<>()));
    var second = new CompletableFuture<MonitorEvent.Replaced>();
    tell(new MonitorEvent.Replace(null, second));
    assertThat(second.join().happened()).isFalse();
  }

  @Test
  void after_a_stop_nothing_is_started_any_more() {
    monitor.start();
    ready();
    tell(new MonitorEvent.Stop());
    assertThat(workers.getLast().drained).isTrue();
    tell(new MonitorEvent.Clean(1));
    die();
    assertThat(monitor.stopped()).isCompletedWithValue(true);
    pass(1_000);
    assertThat(workers).hasSize(1);
  }

  @Test
  void a_stop_in_the_pause_between_two_workers_is_immediate() {
    monitor.start();
    ready();
    beat(60_000);
    die();
    die();
    die();
    assertThat(monitor.status().state()).isEqualTo("pausing");
    tell(new MonitorEvent.Stop());
    assertThat(monitor.stopped()).isCompletedWithValue(true);
  }

  @Test
  void no_more_than_the_last_hundred_crashes_are_remembered() {
    monitor.start();
    ready();
    for (var i = 0; i < 120; i++) {
      beat(5_000);
      die();
      ready();
    }
    assertThat(monitor.status().crashes()).hasSize(100);
    assertThat(monitor.status().restarts()).isEqualTo(120);
  }
}
