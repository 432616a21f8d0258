package dev.planaria.app.alerts.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.alerts.Alert;
import dev.planaria.app.alerts.AlertBoard;
import dev.planaria.app.alerts.KeptLog;
import dev.planaria.app.alerts.Patience;
import dev.planaria.app.alerts.Readings;
import dev.planaria.app.alerts.ReadingsBuilder;
import dev.planaria.app.alerts.StandingFile;
import dev.planaria.app.alerts.Thresholds;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.VerificationReport;
import dev.planaria.engine.integrity.VerificationReport.Scope;
import dev.planaria.engine.integrity.VerificationReport.SessionCheck;
import dev.planaria.engine.session.EngineEvent;
import dev.planaria.engine.session.ScrubReport;
import dev.planaria.engine.state.SessionId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damage that a recovery or a request has met, up to the alert.
class FoundDamageTest {

  private static final SessionId ALPHA = new SessionId(new UUID(0x7000L, Long.MIN_VALUE | 1));
  private static final SessionId BETA = new SessionId(new UUID(0x7000L, Long.MIN_VALUE | 2));

  @TempDir private Path directory;
  private final KeptLog log = new KeptLog();
  private final List<String> told = new ArrayList<>();
  private long now = 1_800_000_000_000L;
  private @Nullable ScrubReport scrubbed;
  private FoundDamage damage = new FoundDamage(() -> now);
  private AlertBoard board;

  @BeforeEach
  void begin() {
    board = board();
  }

  private AlertBoard board() {
    return new AlertBoard(
        new StandingFile(directory.resolve("alerts.json"), new Patience(), log),
        Thresholds.DEFAULT,
        () -> now,
        log,
        List.of(change ->
            told.add(
                change.kind()
                    + " "
                    + change.alert().subject().sessionName()
                    + ": "
                    + change.alert().seen().message())));
  }

  private static Finding finding(@Nullable SessionId session, String sentence) {
    return Finding.integrity(
        Finding.Code.ENTRY_DAMAGED,
        "entry",
        session == null ? null : session.toString(),
        List.of(),
        sentence);
  }

  private void find(Finding finding) {
    damage.accept(new EngineEvent.DamageFound(finding));
  }

  /// A turn of the monitoring, a while later.
  private void turn() {
    now += 5_000;
    Readings.Flaws read =
        scrubbed == null
            ? null
            : new Readings.Flaws(
                scrubbed.findings().stream()
                    .map(found -> FoundDamage.flaw(found, FoundDamageTest::name))
                    .toList(),
                scrubbed.finished());
    Readings quiet = ReadingsBuilder.quiet().build();
    Readings readings = read == null ? quiet : quiet.with(read);
    board.take(damage.in(readings, scrubbed, FoundDamageTest::name));
  }

  private static String name(String id) {
    return id.equals(ALPHA.toString()) ? "alpha" : "beta";
  }

  private static ScrubReport pass(long startedMillis, boolean finished, Finding... findings) {
    return new ScrubReport(startedMillis, finished, 2, 2, 0, 9, 900, 0, List.of(findings));
  }

  private static VerificationReport report(Scope scope, SessionId session, Finding... findings) {
    var check = new SessionCheck(session, "s", 9, 9, 1, List.of(findings), "IMMEDIATE_RESTART", 0);
    return new VerificationReport(scope, 3, 9, 1, List.of(check), List.of());
  }

  private long firing() {
    return board.list().stream().filter(Alert::isFiring).count();
  }

  @Test
  void damage_that_a_recovery_met_is_an_alert_once_with_code_and_session() {
    find(finding(ALPHA, "operation 7 is damaged"));
    find(finding(ALPHA, "operation 7 is damaged"));
    turn();
    turn();
    assertThat(told).containsExactly("FIRED alpha: operation 7 is damaged (ENTRY_DAMAGED)");
    find(finding(ALPHA, "operation 7 is damaged"));
    turn();
    assertThat(told).as("the same cause").hasSize(1);
    find(finding(BETA, "operation 3 is damaged"));
    find(finding(null, "frame 4 is damaged"));
    turn();
    assertThat(told).hasSize(3);
    assertThat(told.subList(1, 3))
        .containsExactlyInAnyOrder(
            "FIRED beta: operation 3 is damaged (ENTRY_DAMAGED)",
            "FIRED null: frame 4 is damaged (ENTRY_DAMAGED)");
  }

  @Test
  void a_whole_pass_that_began_later_and_found_nothing_clears_it() {
    scrubbed = pass(now - 1_000, false);
    find(finding(ALPHA, "operation 7 is damaged"));
    turn();
    scrubbed = pass(now - 6_000, true);
    turn();
    assertThat(firing()).as("that pass may have been there before").isEqualTo(1);
    scrubbed = pass(now, false);
    turn();
    assertThat(firing()).as("it goes on").isEqualTo(1);
    scrubbed = pass(now - 5_000, true);
    turn();
    assertThat(firing()).isZero();
    assertThat(told).hasSize(2);
  }

  @Test
  void a_deep_verification_that_finds_the_session_sound_clears_it_and_nothing_else_does() {
    find(finding(ALPHA, "operation 7 is damaged"));
    find(finding(BETA, "operation 3 is damaged"));
    turn();
    long before = now - 60_000;
    damage.verified(report(new Scope(ALPHA, false), ALPHA), now);
    damage.verified(report(new Scope(ALPHA, true), ALPHA), before);
    damage.verified(report(new Scope(BETA, true), BETA), before);
    Finding still = finding(ALPHA, "operation 7 is damaged");
    damage.verified(report(Scope.EVERYTHING, ALPHA, still), now);
    turn();
    assertThat(firing()).as("shallow, begun before, or with a finding").isEqualTo(2);
    damage.verified(report(new Scope(ALPHA, true), ALPHA), now);
    turn();
    assertThat(told.getLast()).startsWith("CLEARED alpha");
    assertThat(firing()).isEqualTo(1);
    find(finding(ALPHA, "operation 7 is damaged"));
    turn();
    assertThat(told.getLast()).as("found anew").startsWith("FIRED alpha");
  }

  @Test
  void what_the_pass_found_before_a_verification_found_it_gone_is_not_told_any_more() {
    Finding found = finding(ALPHA, "operation 7 is damaged");
    find(found);
    scrubbed = pass(now - 1_000, true, found);
    turn();
    assertThat(firing()).isEqualTo(1);
    damage.verified(report(Scope.EVERYTHING, ALPHA), now);
    turn();
    assertThat(firing()).isZero();
  }

  @Test
  void the_next_process_goes_on_until_its_own_pass_or_a_verification_finds_nothing() {
    find(finding(ALPHA, "operation 7 is damaged"));
    turn();
    damage = new FoundDamage(() -> now);
    board = board();
    damage.leftBy(board.list());
    turn();
    assertThat(told).as("not told again").hasSize(1);
    damage.verified(report(new Scope(ALPHA, true), ALPHA), now);
    turn();
    assertThat(firing()).isZero();
  }
}
