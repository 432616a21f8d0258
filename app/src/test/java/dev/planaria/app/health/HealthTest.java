package dev.planaria.app.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.Readings.Part;
import dev.planaria.app.alerts.Readings.Still;
import dev.planaria.app.alerts.ReadingsBuilder;
import dev.planaria.app.alerts.Subject;
import dev.planaria.app.alerts.Thresholds;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Each component of a daemon, well and ill; and where it goes.
class HealthTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final Subject SESSION = Subject.session("1", "alpha");
  private static final DaemonChecks.Machine IDLE =
      new DaemonChecks.Machine(10, 100, List.of(), List.of(0.5));
  private static final Check STORE = Check.ok("store", "it answers");

  private static DaemonChecks of(Readings readings, DaemonChecks.Machine machine) {
    return new DaemonChecks(readings, Thresholds.DEFAULT, machine, NOW);
  }

  private static Readings with(
      List<Readings.Stuck> stuck, List<Readings.Away> away, Readings.Disk disk) {
    return ReadingsBuilder.quiet()
        .stuck(stuck)
        .away(away)
        .queues(List.of(new Readings.Queue(SESSION, 900, 0.9)))
        .disk(disk)
        .flaws(new Readings.Flaws(List.of(new Readings.Flaw(SESSION, "frame 7 is damaged")), true))
        .build();
  }

  private static String statuses(List<Check> checks) {
    return checks.stream()
        .map(check -> check.component() + " " + check.status())
        .collect(Collectors.joining(", "));
  }

  @Test
  void a_daemon_without_a_fault_is_well_in_every_component() {
    Readings good = ReadingsBuilder.good().build();
    DaemonChecks daemon = of(good, IDLE);
    assertThat(statuses(daemon.checks(STORE)))
        .isEqualTo(
            "store OK, recovery OK, connections OK, agents OK, tasks OK, disk OK, memory OK");
    assertThat(daemon.risks()).allMatch(risk -> risk.status() == Wellness.OK);
    assertThat(HealthViews.worst(daemon.checks(STORE), daemon.risks())).isEqualTo(Wellness.OK);
  }

  @Test
  void each_fault_shows_in_its_component_with_a_reason_and_risks_have_their_figures() {
    long ago = NOW - 3_600_000;
    Readings bad =
        with(
            List.of(
                new Readings.Stuck(Still.QUARANTINED_SESSION, SESSION, ago, 1, "entry 3"),
                new Readings.Stuck(Still.TASK, SESSION, ago, 4, "task-1 waits"),
                new Readings.Stuck(Still.AGENT, SESSION, ago, 1, "agent-2 is busy"),
                new Readings.Stuck(Still.CONNECTION, SESSION, ago, 1, "refused")),
            List.of(new Readings.Away(Subject.server("1", "alpha", "db"), ago, "refused")),
            new Readings.Disk(1L << 30, 100L << 30));
    var pressed =
        new DaemonChecks.Machine(
            96,
            100,
            List.of(),
            IntStream.range(0, 100).mapToObj(i -> i > 97 ? 5_000.0 : 1.0).toList());
    DaemonChecks daemon = of(bad, pressed);
    List<Check> checks = daemon.checks(STORE);
    assertThat(statuses(checks))
        .isEqualTo(
            "store FAIL, recovery FAIL, connections FAIL, agents WARN, tasks WARN, disk FAIL,"
                + " memory WARN");
    assertThat(checks)
        .extracting(Check::reason)
        .anyMatch(reason -> reason.contains("db (refused)"));
    assertThat(daemon.risks().stream().map(risk -> risk.risk() + " " + risk.status()))
        .containsExactly(
            "memory_pressure FAIL",
            "backlog WARN",
            "error_rate UNKNOWN",
            "store_p99 WARN",
            "disk_pressure FAIL");
    var silent = new Check("store", Wellness.FAIL, 1, "it does not answer");
    assertThat(daemon.checks(silent).getFirst()).isEqualTo(silent);
  }

  @Test
  void before_anybody_has_looked_nothing_is_called_well() {
    DaemonChecks daemon =
        of(Readings.notYet(NOW), new DaemonChecks.Machine(10, 100, List.of(), List.of()));
    List<Check> checks = daemon.checks(STORE);
    assertThat(statuses(checks))
        .isEqualTo(
            "store UNKNOWN, recovery UNKNOWN, connections UNKNOWN, agents UNKNOWN, tasks UNKNOWN,"
                + " disk UNKNOWN, memory OK");
    assertThat(checks)
        .filteredOn(check -> check.component().matches("connections|disk"))
        .extracting(Check::reason)
        .allMatch(reason -> reason.endsWith("nobody has looked yet"));
    assertThat(daemon.risks().stream().map(risk -> risk.risk() + " " + risk.status()))
        .containsExactly(
            "memory_pressure OK",
            "backlog UNKNOWN",
            "error_rate UNKNOWN",
            "store_p99 UNKNOWN",
            "disk_pressure UNKNOWN");
    assertThat(HealthViews.worst(checks, daemon.risks())).isEqualTo(Wellness.UNKNOWN);
  }

  @Test
  void what_could_not_be_read_is_unknown_with_its_reason_and_the_rest_is_told_as_it_is() {
    Readings readings =
        ReadingsBuilder.good()
            .stuck(List.of(new Readings.Stuck(Still.TASK, SESSION, 0, 4, "task-1 waits")))
            .unread(NOW, Part.LOOKS)
            .build();
    var unread = new DaemonChecks.Machine(10, 100, null, List.of(0.5));
    List<Check> checks = of(readings, unread).checks(STORE);
    assertThat(statuses(checks))
        .isEqualTo(
            "store OK, recovery UNKNOWN, connections UNKNOWN, agents UNKNOWN, tasks WARN, disk OK,"
                + " memory OK");
    assertThat(checks.get(2).reason()).contains("what is stored of sessions", "input/output error");
    Readings some = ReadingsBuilder.good().unseen(Set.of("1", "2")).build();
    assertThat(of(some, IDLE).checks(STORE).get(3).reason()).startsWith("2 sessions were not");
  }

  @Test
  void no_recovery_in_an_hour_is_well_while_figures_that_nobody_has_are_unknown() {
    var none = new Readings.Kpis(new Readings.Figure(null, 0), null, null, null);
    Risk quiet = of(ReadingsBuilder.good().kpis(none).build(), IDLE).risks().get(2);
    assertThat(quiet.status()).isEqualTo(Wellness.OK);
    Risk blind =
        of(ReadingsBuilder.good().kpis(Readings.Kpis.UNKNOWN).build(), IDLE).risks().get(2);
    assertThat(blind.status()).isEqualTo(Wellness.UNKNOWN);
  }

  @Test
  void a_component_gets_worse_stays_and_gets_better_and_at_first_nobody_knows() {
    var trends = new Trends();
    long now = NOW;
    assertThat(trends.of("s", check(1), now)).isEqualTo(Trend.UNKNOWN);
    assertThat(trends.of("s", check(9), now + 1_000)).isEqualTo(Trend.UNKNOWN);
    assertThat(trends.of("s", check(1), now + 60_000)).isEqualTo(Trend.STEADY);
    assertThat(trends.of("s", check(2), now + 90_000)).isEqualTo(Trend.WORSE);
    assertThat(trends.of("s", check(0), now + 120_000)).isEqualTo(Trend.BETTER);
    assertThat(trends.of("other", check(0), now + 120_000)).isEqualTo(Trend.UNKNOWN);
    var failed = new Check("tasks", Wellness.FAIL, 0, "x");
    assertThat(trends.of("s", failed, now + 150_000)).isEqualTo(Trend.WORSE);
    // What is long ago is not what it is compared with.
    for (int i = 0; i < 20; i++) {
      trends.of("s", check(5), now + 180_000 + i * 30_000L);
    }
    assertThat(trends.of("s", check(5), now + 780_000)).isEqualTo(Trend.STEADY);
  }

  @Test
  void a_clock_that_is_set_back_lets_no_trend_wait_for_the_time_that_was() {
    var trends = new Trends();
    trends.of("s", check(5), NOW);
    long hour = 3_600_000;
    assertThat(trends.of("s", check(1), NOW - hour)).isEqualTo(Trend.UNKNOWN);
    assertThat(trends.of("s", check(2), NOW - hour + 60_000)).isEqualTo(Trend.WORSE);
  }

  private static Check check(double burden) {
    return new Check("tasks", Wellness.WARN, burden, "x");
  }
}
