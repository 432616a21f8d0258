package dev.planaria.chaos.experiment;

import dev.planaria.chaos.client.McpClient;
import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Injector;
import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.process.ProcessInjector;
import dev.planaria.chaos.process.ScratchDaemon;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.chaos.report.Violation;
import dev.planaria.chaos.server.Diary;
import dev.planaria.chaos.server.DiaryCheck;
import dev.planaria.chaos.server.DiaryServer;
import dev.planaria.chaos.server.ServerInjector;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Something happens under load to a server behind Planaria: it is killed, crashes in a loop, or
/// answers late, too much, or wrongly. Each call is answered in bounded time, what was done was
/// done once, what may have been done at most once, in order; what the server had in memory alone
/// is built up again; and no process is left.
public final class ServerFaults implements Experiment {

  private static final long DEADLINE_MILLIS = 30_000;
  private static final long PATIENCE_MILLIS = 30_000;
  private static final long WORK = 10;

  private static final String PROMISE =
      " Within 30 s calls succeed again; none runs twice or out of order, none that was done is"
          + " lost, the server's memory is built up again, and no process is left.";

  private final String name;
  private final String description;
  private final Schedule schedule;
  private final boolean mayLose;
  private final JsonObject said;

  /// What happens when, in order.
  private interface Schedule {
    List<FaultSpec> faults(SplittableRandom random, int cycles);
  }

  /// @param mayLose true when a call that is made again may kill the server, so that not all of its
  ///   memory can be built up again: then callers must be told
  private ServerFaults(
      String name, String description, Schedule schedule, boolean mayLose, JsonObject said) {
    this.name = name;
    this.description = description;
    this.schedule = schedule;
    this.mayLose = mayLose;
    this.said = said;
  }

  /// Kills of the server, and of the worker.
  public static ServerFaults kills() {
    return new ServerFaults(
        "server-kill",
        "Kills a server behind Planaria (SIGKILL), and the worker, at random moments under load."
            + PROMISE,
        ServerFaults::kills,
        false,
        ServerTrial.TRUTH);
  }

  /// A server that misbehaves in four ways.
  public static ServerFaults misbehaviour() {
    return new ServerFaults(
        "server-misbehaves",
        "A server behind Planaria crashes at every call for 3 s, answers late, floods, and lies: it"
            + " answers with ids that nobody asked with, and twice."
            + PROMISE
            + " A call that kills it twice while its memory is built up is left out, and callers"
            + " are told.",
        ServerFaults::misbehaviour,
        true,
        ServerTrial.TRUTH);
  }

  /// A server that is stopped for a while, or hangs until it is ended.
  public static ServerFaults stops() {
    return new ServerFaults(
        "server-stops",
        "Stops a server behind Planaria for a while (SIGSTOP), or lets it hang for 2 s before it is"
            + " killed, at random moments under load."
            + PROMISE,
        ServerFaults::stops,
        false,
        ServerTrial.TRUTH);
  }

  /// The same with other words about the server: with wrong ones it must fail.
  ///
  /// @param planaria what the operator says of it, as in a server's entry
  public ServerFaults saying(JsonObject planaria) {
    return new ServerFaults(name, description, schedule, mayLose, planaria);
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
    return DEADLINE_MILLIS;
  }

  @Override
  public List<FaultSpec> faults(long seed, int cycles) {
    return List.copyOf(schedule.faults(new SplittableRandom(seed), cycles));
  }

  /// Each cycle kills the server; each second one kills the worker afterwards.
  private static List<FaultSpec> kills(SplittableRandom random, int cycles) {
    var faults = new ArrayList<FaultSpec>();
    long at = 0;
    for (int i = 0; i < cycles; i++) {
      at += 200 + random.nextLong(600);
      faults.add(new FaultSpec(new Fault.Kill(), Target.UPSTREAM, at, 0));
      if (i % 2 == 0) {
        at += 200 + random.nextLong(600);
        faults.add(new FaultSpec(new Fault.Kill(), Target.WORKER, at, 0));
      }
    }
    return faults;
  }

  /// Each cycle stops the server and lets it go on, then lets it hang and kills it.
  private static List<FaultSpec> stops(SplittableRandom random, int cycles) {
    var faults = new ArrayList<FaultSpec>();
    long at = 0;
    for (int i = 0; i < cycles; i++) {
      at += 200 + random.nextLong(600);
      faults.add(
          new FaultSpec(new Fault.Pause(), Target.UPSTREAM, at, 500 + random.nextLong(1_500)));
      at += 200 + random.nextLong(600);
      faults.add(new FaultSpec(new Fault.Hang(), Target.UPSTREAM, at, 2_000));
    }
    return faults;
  }

  private static List<FaultSpec> misbehaviour(SplittableRandom random, int cycles) {
    var faults = new ArrayList<FaultSpec>();
    long at = 0;
    for (int i = 0; i < cycles; i++) {
      for (Fault fault :
          List.of(
              new Fault.CrashLoop(),
              new Fault.SlowAnswers(300),
              new Fault.Flood(2_000),
              new Fault.Lie())) {
        at += 200 + random.nextLong(600);
        faults.add(new FaultSpec(fault, Target.UPSTREAM, at, 3_000));
        at += 3_000;
      }
    }
    return faults;
  }

  @Override
  public RunReport run(RunSettings settings, Clocks clocks, RunListener listener)
      throws IOException, InterruptedException {
    var notes = new Notes(this, settings, clocks, listener);
    Path file = settings.launch().data().resolveSibling("diary");
    try (ScratchDaemon daemon = ScratchDaemon.start(settings.launch())) {
      ServerBehind server = behind(daemon, file);
      server.bring();
      try (McpClient client =
          McpClient.connectTo(server.address(daemon.url()), daemon.token(), PATIENCE_MILLIS)) {
        notes.begin();
        List<Injector> injectors = List.of(new ProcessInjector(daemon), new ServerInjector(file));
        ServerTrial.Answers told =
            new ServerTrial(server, file, client, injectors, WORK, DEADLINE_MILLIS)
                .run(settings, faults(settings.seed(), settings.cycles()), notes);
        long sum = ServerBehind.sum(client);
        daemon.stop();
        Diary diary = Diary.read(file);
        DiaryCheck.run(told.calls(), diary, sum, told.loss() && mayLose).forEach(notes::violation);
        noneIsLeft(diary, notes);
        return notes.report(ServerBehind.counts(told.calls()), List.of());
      }
    }
  }

  private ServerBehind behind(ScratchDaemon daemon, Path diary) {
    return new ServerBehind(
        daemon,
        JsonObject.builder()
            .put("command", java())
            .put(
                "args",
                JsonArray.ofStrings(
                    List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DiaryServer.class.getName(),
                        diary.toAbsolutePath().toString())))
            .put("planaria", said)
            .build());
  }

  /// The program that runs us.
  private static String java() {
    return ProcessHandle.current()
        .info()
        .command()
        .orElseThrow(() -> new IllegalStateException("this system hides our own command"));
  }

  private static void noneIsLeft(Diary diary, Notes notes) {
    String java = java();
    for (long process : diary.processes()) {
      boolean left =
          ProcessHandle.of(process)
              .flatMap(handle -> handle.info().command())
              .filter(command -> command.equals(java))
              .isPresent();
      if (left) {
        notes.violation(
            Violation.Kind.UNSOUND, "the server's process " + process + " is left behind");
      }
    }
  }
}
