package dev.planaria.chaos.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.chaos.client.Plan;
import dev.planaria.chaos.experiment.Campaign.Bounds;
import dev.planaria.chaos.experiment.Campaign.Step;
import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.process.Launch;
import dev.planaria.chaos.report.ChaosReport;
import dev.planaria.chaos.report.ChaosReport.NamedFault;
import dev.planaria.chaos.report.ChaosReport.Unfinished;
import dev.planaria.chaos.report.FaultHits;
import dev.planaria.chaos.report.Machine;
import dev.planaria.chaos.report.Moment;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.report.RunReport.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Many runs and one report, with experiments that only pretend and a clock that is ticked.
class CampaignTest {

  private static final FaultSpec KILL = new FaultSpec(new Fault.Kill(), Target.WORKER, 0, 0);
  private static final NamedFault KILLED = new NamedFault("kill", Target.WORKER);

  private static final long DEADLINE_SECONDS = 60;

  private final AtomicLong nowMillis = new AtomicLong(1_000);
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());

  /// Takes a second, and ends as it is told to.
  private class Pretended implements Experiment {
    private final String name;
    private final long hits;
    private final @Nullable Exception failure;

    Pretended(String name, long hits, @Nullable Exception failure) {
      this.name = name;
      this.hits = hits;
      this.failure = failure;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public String description() {
      return "Pretends.";
    }

    @Override
    public long deadlineMillis() {
      return 1;
    }

    @Override
    public List<FaultSpec> faults(long seed, int cycles) {
      return List.of(KILL);
    }

    @Override
    public long seeds(int cycles) {
      return cycles;
    }

    @Override
    public RunReport run(RunSettings settings, Clocks clocks, RunListener listener)
        throws IOException, InterruptedException {
      nowMillis.addAndGet(1_000);
      switch (failure) {
        case IOException io -> throw io;
        case RuntimeException defect -> throw defect;
        case null, default -> {}
      }
      return new RunReport(
          name,
          settings.seed(),
          0,
          1_000,
          List.of(new FaultHits(KILL, hits)),
          new RunReport.Counts(1, 1, 0, 0),
          List.of(),
          null,
          List.of(),
          List.of());
    }
  }

  /// Takes down how a run ends.
  private final class Told implements Campaign.Course {
    @Override
    public void ended(RunReport report, Launch launch) {
      told.add("ended " + report.seed());
    }

    @Override
    public void unfinished(Unfinished unfinished) {
      told.add("unfinished " + unfinished.seed());
    }

    @Override
    public void happened(Moment moment) {}
  }

  /// Ends when as many as it waits for go on beside it, and notes who did.
  private final class Meeting extends Pretended {
    private final CountDownLatch others;
    private final boolean alone;

    Meeting(String name, CountDownLatch others, boolean alone) {
      super(name, 1, null);
      this.others = others;
      this.alone = alone;
    }

    @Override
    public boolean needsWholeMachine() {
      return alone;
    }

    @Override
    public RunReport run(RunSettings settings, Clocks clocks, RunListener listener)
        throws IOException, InterruptedException {
      others.countDown();
      if (!others.await(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("nobody came");
      }
      return super.run(settings, clocks, listener);
    }
  }

  private ChaosReport run(Campaign campaign) throws InterruptedException {
    var watcher =
        new Campaign.Watcher() {
          @Override
          public Campaign.Course begins(Step step) {
            told.add("begins " + step.seed());
            return new Told();
          }

          @Override
          public void notBegun(Unfinished unfinished) {
            told.add("not begun " + unfinished.seed());
          }
        };
    return campaign.run(
        new Campaign.Surroundings(
            () -> new Launch(List.of("{data}", "{port}"), Map.of(), Path.of("data")),
            new Clocks(nowMillis::get, () -> nowMillis.get() * 1_000_000),
            "test",
            new Machine("none", 1, 0, "25"),
            watcher));
  }

  private Campaign campaign(Bounds bounds, Pretended... experiments) {
    var round = new ArrayList<Step>();
    for (Pretended one : experiments) {
      round.add(new Step(one.name(), one, 40 + round.size(), 1, Plan.DEFAULT));
    }
    return new Campaign("mine", null, round, bounds, List.of(KILLED));
  }

  @Test
  void every_round_has_seeds_of_its_own() throws InterruptedException {
    ChaosReport report =
        run(
            campaign(
                new Bounds(2, 60_000, 1),
                new Pretended("one", 1, null),
                new Pretended("two", 1, null)));
    assertThat(report.runs()).extracting(RunReport::seed).containsExactly(40L, 41L, 42L, 43L);
    assertThat(report.verdict()).isEqualTo(Verdict.PASSED);
    assertThat(report.header().tookMillis()).isEqualTo(4_000);
    assertThat(told).startsWith("begins 40", "ended 40", "begins 41").hasSize(8);
  }

  @Test
  void runs_go_on_side_by_side_and_are_reported_in_the_order_of_their_steps() throws Exception {
    var three = new CountDownLatch(3);
    ChaosReport report =
        run(
            campaign(
                new Bounds(1, 60_000, 3),
                new Meeting("alone", new CountDownLatch(1), true),
                new Meeting("one", three, false),
                new Meeting("two", three, false),
                new Meeting("three", three, false)));
    assertThat(report.unfinished()).isEmpty();
    assertThat(report.runs())
        .extracting(RunReport::experiment)
        .containsExactly("alone", "one", "two", "three");
    assertThat(report.runs())
        .extracting(RunReport::seed)
        .as("side by side or not, a step has its seed")
        .containsExactly(40L, 41L, 42L, 43L);
    assertThat(told.subList(6, 8)).as("nobody beside it").containsExactly("begins 40", "ended 40");
  }

  @Test
  void no_more_runs_go_on_than_may() throws Exception {
    var going = new AtomicInteger();
    var most = new AtomicInteger();
    // Two let each other go; a third would be counted while they wait.
    var pairs = new Semaphore(0);
    List<SideBySide.Work<Integer>> works = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      boolean second = i % 2 == 1;
      works.add(
          work(
              "same",
              () -> {
                most.accumulateAndGet(going.incrementAndGet(), Math::max);
                if (second) {
                  pairs.release();
                } else if (!pairs.tryAcquire(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                  throw new IOException("nobody came");
                }
                return going.decrementAndGet();
              }));
    }
    assertThat(SideBySide.run(works, 2)).hasSize(20);
    assertThat(most).hasValue(2);
  }

  private static SideBySide.Work<Integer> work(String kind, Callable<Integer> work) {
    return new SideBySide.Work<>(kind, work);
  }

  @Test
  void two_of_a_kind_go_on_side_by_side_only_when_no_other_kind_is_left() throws Exception {
    List<String> begun = Collections.synchronizedList(new ArrayList<>());
    var pairs = new CyclicBarrier(2);
    List<SideBySide.Work<Integer>> works = new ArrayList<>();
    for (String kind : List.of("kill", "kill", "kill", "kill", "link", "hang")) {
      works.add(
          work(
              kind,
              () -> {
                // Nobody ends before his pair has begun, nor begins before the last pair is over.
                var _ = pairs.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
                begun.add(kind);
                var _ = pairs.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
                return begun.size();
              }));
    }
    assertThat(SideBySide.run(works, 2)).hasSize(6);
    assertThat(begun.subList(0, 2)).containsExactlyInAnyOrder("kill", "link");
    assertThat(begun.subList(2, 4)).containsExactlyInAnyOrder("kill", "hang");
    assertThat(begun.subList(4, 6)).containsExactly("kill", "kill");
  }

  @Test
  void who_is_told_to_end_ends_every_run() throws Exception {
    var begun = new CountDownLatch(2);
    var ended = new AtomicInteger();
    List<SideBySide.Work<Integer>> works =
        Collections.nCopies(
            3,
            work(
                "same",
                () -> {
                  begun.countDown();
                  try {
                    return new CountDownLatch(1).await(DEADLINE_SECONDS, TimeUnit.SECONDS) ? 1 : 0;
                  } finally {
                    ended.incrementAndGet();
                  }
                }));
    var interrupted = new CompletableFuture<Boolean>();
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                var _ = SideBySide.run(works, 2);
                interrupted.complete(false);
              } catch (InterruptedException e) {
                interrupted.complete(true);
              }
            });
    assertThat(begun.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    caller.interrupt();
    assertThat(interrupted.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(ended).as("the third was never begun").hasValue(2);
  }

  @Test
  void what_a_work_throws_is_thrown_to_whoever_asked_for_it() {
    List<SideBySide.Work<Integer>> works =
        List.of(
            work("one", () -> 1),
            work(
                "two",
                () -> {
                  throw new IllegalStateException("a defect");
                }));
    assertThatThrownBy(() -> SideBySide.run(works, 2))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a defect");
  }

  @Test
  void a_run_that_uses_many_seeds_shares_none_with_the_next_round() throws InterruptedException {
    var worlds = new Pretended("worlds", 1, null);
    var many = new Step("worlds", worlds, 40, 100, Plan.DEFAULT);
    var one = new Step("worlds", worlds, 140, 1, Plan.DEFAULT);
    ChaosReport report =
        run(
            new Campaign(
                "mine", null, List.of(many, one), new Bounds(2, 60_000, 1), List.of(KILLED)));
    assertThat(report.runs()).extracting(RunReport::seed).containsExactly(40L, 140L, 141L, 241L);
  }

  @Test
  void what_a_run_throws_ends_that_run_alone() throws InterruptedException {
    ChaosReport report =
        run(
            campaign(
                Bounds.ONCE,
                new Pretended("one", 1, new IOException("the daemon did not start")),
                new Pretended("two", 1, new IllegalStateException("a defect")),
                new Pretended("three", 1, null)));
    assertThat(report.unfinished())
        .containsExactly(
            new Unfinished("one", 40, "the daemon did not start"),
            new Unfinished("two", 41, "java.lang.IllegalStateException: a defect"));
    assertThat(report.runs()).extracting(RunReport::experiment).containsExactly("three");
    assertThat(report.verdict()).isEqualTo(Verdict.PROVED_NOTHING);
    assertThat(told).contains("unfinished 40", "unfinished 41", "ended 42");
  }

  @Test
  void the_cap_ends_later_rounds_and_fails_what_it_leaves_of_the_first() throws Exception {
    ChaosReport later =
        run(
            campaign(
                new Bounds(1_000, 3_000, 1),
                new Pretended("one", 1, null),
                new Pretended("two", 1, null)));
    assertThat(later.runs()).hasSize(3);
    assertThat(later.verdict()).isEqualTo(Verdict.PASSED);
    ChaosReport first =
        run(
            campaign(
                new Bounds(1, 1_000, 1),
                new Pretended("one", 1, null),
                new Pretended("two", 1, null)));
    assertThat(first.unfinished())
        .containsExactly(
            new Unfinished("two", 41, "not begun: the 1000 ms that all may take were over"));
    assertThat(first.verdict()).isEqualTo(Verdict.PROVED_NOTHING);
  }

  @Test
  void a_promised_fault_that_no_run_met_proves_nothing() throws InterruptedException {
    ChaosReport report = run(campaign(Bounds.ONCE, new Pretended("one", 0, null)));
    assertThat(report.unmet()).containsExactly(KILLED);
    assertThat(report.verdict()).isEqualTo(Verdict.PROVED_NOTHING);
  }

  @Test
  void every_run_says_how_to_repeat_it() throws InterruptedException {
    var one = new Pretended("one", 1, null);
    assertThat(run(campaign(Bounds.ONCE, one)).done())
        .extracting(ChaosReport.Done::again)
        .containsExactly("planaria chaos run one --seed 40");
    assertThat(new Step("mine.json", one, -3, 5, Campaign.withCallers(9)).again())
        .isEqualTo("planaria chaos run mine.json --seed -3 --cycles 5 --callers 9");
  }

  @Test
  void every_profile_can_be_run_and_its_experiments_do_what_it_promises() {
    assertThat(Profile.all()).extracting(Profile::name).containsExactly("smoke", "ci", "nightly");
    for (Profile profile : Profile.all()) {
      Campaign campaign = Campaign.of(profile, 1);
      assertThat(campaign.round()).extracting(Step::seed).doesNotHaveDuplicates();
      List<NamedFault> done =
          campaign.round().stream()
              .flatMap(step -> step.experiment().faults(step.seed(), step.cycles()).stream())
              .map(fault -> new NamedFault(fault.fault().kind(), fault.target()))
              .distinct()
              .toList();
      assertThat(done).as(profile.name()).containsAll(profile.promised());
      assertThat(Profile.named(profile.name())).contains(profile);
    }
    assertThat(Profile.named("none")).isEmpty();
  }

  @Test
  void ci_has_150_kills_40_faults_of_links_and_30_damaged_files() {
    assertThat(faultsInCi("random-kills")).isGreaterThanOrEqualTo(150);
    assertThat(faultsInCi("random-links")).isGreaterThanOrEqualTo(40);
    assertThat(faultsInCi("corruption")).isGreaterThanOrEqualTo(30);
  }

  private static long faultsInCi(String experiment) {
    return Campaign.of(Profile.named("ci").orElseThrow(), 1).round().stream()
        .filter(step -> step.experiment().name().equals(experiment))
        .flatMap(step -> step.experiment().faults(step.seed(), step.cycles()).stream())
        .filter(fault -> !(fault.fault() instanceof Fault.Pause))
        .count();
  }
}
