package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.McpClient;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Injector;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.link.FaultyLink;
import dev.planaria.chaos.link.LinkInjector;
import dev.planaria.chaos.process.ProcessInjector;
import dev.planaria.chaos.process.ScratchDaemon;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.server.Diary;
import dev.planaria.chaos.server.DiaryCheck;
import dev.planaria.chaos.server.DiaryHttpServer;
import dev.planaria.chaos.server.Told;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/// The network between Planaria and a server behind it fails under load, while the server goes on:
/// each call runs at most once unless somebody has said that it may run again, each caller is
/// answered in bounded time (that the outcome is unknown is an answer), the connection comes back
/// by itself, and what waited for it is done in order.
public final class ServerLinks implements Experiment {

  private static final long DEADLINE_MILLIS = 30_000;
  private static final long PATIENCE_MILLIS = 30_000;
  private static final long WORK = 6;

  /// Most attempts to connect are over sooner, and the next ones take their time.
  private static final long LONGEST_MILLIS = 600;

  private final String name;
  private final String description;
  private final long deadlineMillis;
  private final Scheduled.Schedule schedule;
  private final JsonObject said;

  private ServerLinks(
      String name,
      String description,
      long deadlineMillis,
      Scheduled.Schedule schedule,
      JsonObject said) {
    this.name = name;
    this.description = description;
    this.deadlineMillis = deadlineMillis;
    this.schedule = schedule;
    this.said = said;
  }

  /// Faults of the link at random moments.
  public static ServerLinks random() {
    return new ServerLinks(
        "server-link",
        "Drops, resets, silences, slows and spoils the connections between Planaria and an HTTP"
            + " server behind it at random moments under load, as often as there are cycles. Each"
            + " time a call succeeds within 30 s; none runs twice, what was told to be done was"
            + " done, in each caller's order, and everybody is answered.",
        DEADLINE_MILLIS,
        (seed, cycles) -> Scheduled.links(seed, cycles, Target.UPSTREAM_LINK, LONGEST_MILLIS),
        ServerTrial.TRUTH);
  }

  /// One with faults of somebody's own, for instance from a file.
  ///
  /// @param deadlineMillis how long each recovery may take
  /// @throws IllegalArgumentException when it cannot do one of them, see [#canDo]
  public static ServerLinks of(String name, List<FaultSpec> faults, long deadlineMillis) {
    for (FaultSpec fault : faults) {
      if (!canDo(fault)) {
        throw new IllegalArgumentException("nothing behind a link can be met by " + fault);
      }
    }
    List<FaultSpec> inOrder =
        faults.stream().sorted(Comparator.comparingLong(FaultSpec::startMillis)).toList();
    return new ServerLinks(
        name,
        "Faults as they were written down, under load, with an HTTP server behind Planaria.",
        deadlineMillis,
        (_, _) -> inOrder,
        ServerTrial.TRUTH);
  }

  /// True when this can be done where there is a server behind a link: to either link, and to the
  /// daemon's processes.
  public static boolean canDo(FaultSpec spec) {
    boolean link = spec.target() == Target.UPSTREAM_LINK || spec.target() == Target.CLIENT_LINK;
    return link
        ? LinkInjector.injects(spec.fault())
        : ServerTrial.isOfDaemon(spec) && ProcessInjector.injects(spec);
  }

  /// The same with other words about the server: with wrong ones it must fail.
  ///
  /// @param planaria what the operator says of it, as in a server's entry
  public ServerLinks saying(JsonObject planaria) {
    return new ServerLinks(name, description, deadlineMillis, schedule, planaria);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public long deadlineMillis() {
    return deadlineMillis;
  }

  @Override
  public List<FaultSpec> faults(long seed, int cycles) {
    return List.copyOf(schedule.faults(seed, cycles));
  }

  @Override
  public RunReport run(RunSettings settings, Clocks clocks, RunListener listener)
      throws IOException, InterruptedException {
    var notes = new Notes(this, settings, clocks, listener);
    Path diary = settings.launch().data().resolveSibling("diary");
    try (ScratchDaemon daemon = ScratchDaemon.start(settings.launch());
        DiaryHttpServer server = DiaryHttpServer.start(diary);
        FaultyLink behind = new FaultyLink(server.port());
        FaultyLink before = new FaultyLink(daemon.url().getPort())) {
      var brought = new ServerBehind(daemon, entry(behind));
      brought.bring();
      try (McpClient client =
          McpClient.connectTo(brought.address(before.url()), daemon.token(), PATIENCE_MILLIS)) {
        var random = new SplittableRandom(settings.seed());
        List<Injector> injectors =
            List.of(
                new LinkInjector(behind, Target.UPSTREAM_LINK, random.split()),
                new LinkInjector(before, Target.CLIENT_LINK, random.split()),
                new ProcessInjector(daemon));
        notes.begin();
        List<Told> told =
            new ServerTrial(brought, diary, client, injectors, WORK, deadlineMillis)
                .run(settings, faults(settings.seed(), settings.cycles()), notes)
                .calls();
        long sum = ServerBehind.sum(client);
        daemon.stop();
        DiaryCheck.run(told, Diary.read(diary), sum, false, DiaryCheck.Way.CONNECTIONS)
            .forEach(notes::violation);
        return notes.report(ServerBehind.counts(told), List.of());
      }
    }
  }

  private JsonObject entry(FaultyLink link) {
    return JsonObject.builder()
        .put("type", "http")
        .put("url", link.url() + "/mcp")
        .put("planaria", said)
        .build();
  }
}
