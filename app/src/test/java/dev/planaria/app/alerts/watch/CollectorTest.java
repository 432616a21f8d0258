package dev.planaria.app.alerts.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.alerts.KeptLog;
import dev.planaria.app.alerts.Patience;
import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.Readings.Still;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.recovery.CrashEvent;
import dev.planaria.engine.session.Caller;
import dev.planaria.engine.session.EngineEnvironment;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.state.Command;
import dev.planaria.engine.state.Connection;
import dev.planaria.engine.state.ConnectionStatus;
import dev.planaria.engine.state.Era;
import dev.planaria.engine.state.Priority;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SwarmConfiguration;
import dev.planaria.engine.state.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a collector reads from a real engine, with a clock in the test's hand.
class CollectorTest {
  private static final Caller CALLER = new Caller("alice", null);

  @TempDir Path directory;

  private final AtomicLong now = new AtomicLong(1_800_000_000_000L);
  private final AtomicLong ids = new AtomicLong();
  private final KeptLog log = new KeptLog();
  private final List<String> lookedAt = new ArrayList<>();
  private Set<String> named = Set.of();
  private boolean inUse = true;
  private @Nullable SessionEngine engine;

  private SessionEngine open(@Nullable CrashEvent crash) {
    var opened =
        SessionEngine.open(
            directory,
            EngineSettings.DEFAULT.withHousekeeping(0),
            new EngineEnvironment(
                now::get,
                System::nanoTime,
                () -> new UUID(now.get() << 16 | 0x7000L, Long.MIN_VALUE | ids.incrementAndGet()),
                () -> "token-" + ids.incrementAndGet()),
            crash);
    engine = opened;
    return opened;
  }

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
  }

  private Collector collector(SessionEngine on, int looks) {
    return new Collector(
        on,
        EngineSettings.DEFAULT.limits().calls(),
        new Collector.Surroundings(
            now::get,
            () -> 0L,
            (session, server) -> {
              lookedAt.add(session + " " + server);
              return inUse;
            },
            () -> new Readings.Disk(1, 2),
            () -> named,
            new Patience()),
        new Collector.Share(looks, 1, 2_000, 60_000),
        log);
  }

  private static SessionId session(SessionEngine on, String name) {
    return on.openSession(name, null, SwarmConfiguration.DEFAULT, CALLER).state().id();
  }

  private static Readings turn(Collector collector) {
    return collector.runOnce(_ -> Readings.Kpis.UNKNOWN);
  }

  private void task(SessionEngine on, SessionId session) {
    on.submit(
        session,
        new Command.CreateTask("work", Priority.MEDIUM, List.of(), null, null, JsonObject.EMPTY),
        CALLER);
  }

  @Test
  void a_task_that_nobody_can_take_on_and_an_offline_server_are_seen_with_reason_and_age() {
    SessionEngine on = open(null);
    SessionId id = session(on, "alpha");
    task(on, id);
    var standing =
        new Connection.Standing("connection refused", now.get(), 9, null, now.get() - 7, null);
    on.submit(
        id,
        new Command.PutConnection(
            Connection.of("db", Transport.STDIO, Era.LEGACY, now.get())
                .standing(ConnectionStatus.OFFLINE, standing, 9, Connection.NEVER, now.get())),
        CALLER);
    Readings readings = turn(collector(on, 10));
    assertThat(readings.unseenSessions()).isEmpty();
    assertThat(readings.stuck())
        .singleElement()
        .satisfies(stuck -> {
          assertThat(stuck.what()).isEqualTo(Still.TASK);
          assertThat(stuck.sinceMillis()).isEqualTo(now.get());
          assertThat(stuck.reason()).contains("no agent is there");
        });
    assertThat(readings.away())
        .singleElement()
        .satisfies(away -> {
          assertThat(away.subject().server()).isEqualTo("db");
          assertThat(away.subject().sessionName()).isEqualTo("alpha");
          assertThat(away.sinceMillis()).isEqualTo(now.get() - 7);
        });
    inUse = false;
    assertThat(turn(collector(on, 10)).away()).as("nobody uses it").isEmpty();
  }

  @Test
  void operations_without_a_checkpoint_are_seen_with_their_age_until_one_is_taken() {
    SessionEngine on = open(null);
    SessionId id = session(on, "alpha");
    long opened = now.get();
    Collector collector = collector(on, 10);
    assertThat(turn(collector).uncheckpointed())
        .singleElement()
        .satisfies(tail -> {
          assertThat(tail.sinceMillis()).isEqualTo(opened);
          assertThat(tail.operations()).isEqualTo(1);
        });
    now.addAndGet(3_600_000);
    task(on, id);
    assertThat(turn(collector).uncheckpointed().getFirst().sinceMillis()).isEqualTo(opened);
    on.checkpoint(id, null);
    now.addAndGet(120_000);
    assertThat(turn(collector).uncheckpointed()).isEmpty();
    task(on, id);
    assertThat(turn(collector).uncheckpointed().getFirst().sinceMillis()).isEqualTo(now.get());
  }

  @Test
  void a_turn_looks_at_no_more_than_its_share_and_at_what_has_not_changed_not_again() {
    SessionEngine on = open(null);
    for (int i = 0; i < 45; i++) {
      SessionId id = session(on, "s" + i);
      on.submit(
          id,
          new Command.PutConnection(Connection.of("db", Transport.STDIO, Era.LEGACY, now.get())),
          CALLER);
    }
    Collector collector = collector(on, 10);
    for (int unseen : new int[] {35, 25, 15, 5, 0}) {
      assertThat(turn(collector).unseenSessions()).hasSize(unseen);
    }
    assertThat(lookedAt).hasSize(45).doesNotHaveDuplicates();
    lookedAt.clear();
    turn(collector);
    assertThat(lookedAt).isEmpty();
    task(on, on.find("s7").orElseThrow().id());
    assertThat(turn(collector).stuck()).anyMatch(stuck -> stuck.what() == Still.TASK);
    assertThat(lookedAt).hasSize(1);
  }

  @Test
  void after_a_restart_a_session_that_an_alert_names_is_looked_at_and_others_stay_on_disk() {
    SessionEngine first = open(null);
    SessionId id = session(first, "alpha");
    task(first, id);
    task(first, session(first, "beta"));
    first.close();
    SessionEngine second = open(null);
    assertThat(turn(collector(second, 10)).stuck()).isEmpty();
    assertThat(second.find("alpha").orElseThrow().resident()).isFalse();
    named = Set.of(id.toString());
    assertThat(turn(collector(second, 10)).stuck()).hasSize(1);
    assertThat(second.find("beta").orElseThrow().resident()).isFalse();
  }

  @Test
  void crashes_come_from_the_runs_that_followed_them_and_what_is_not_known_is_said_to_be() {
    SessionEngine first = open(null);
    for (int i = 0; i < 20; i++) {
      session(first, "s" + i);
    }
    long heartbeat = now.get();
    first.close();
    now.addAndGet(2_000);
    SessionEngine second =
        open(
            new CrashEvent(
                CrashEvent.Type.PROCESS_CRASH,
                now.get(),
                heartbeat,
                "serving",
                CrashEvent.Severity.LOW));
    second.recoverAll();
    second.tick();
    Collector collector = collector(second, 100);
    turn(collector);
    Readings readings = turn(collector);
    assertThat(readings.crashesMillis()).containsExactly(now.get());
    assertThat(readings.losses()).isEmpty();
    assertThat(readings.disk()).isEqualTo(new Readings.Disk(1, 2));
    assertThat(readings.kpis().availability()).isNull();
    assertThat(log.warnings()).isEmpty();
  }
}
