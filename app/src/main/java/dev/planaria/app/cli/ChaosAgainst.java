package dev.planaria.app.cli;

import dev.planaria.app.daemon.DaemonFile;
import dev.planaria.chaos.experiment.Campaign;
import dev.planaria.chaos.experiment.Campaign.Step;
import dev.planaria.chaos.experiment.LiveExperiment;
import dev.planaria.chaos.fault.FaultCodec;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.process.LiveDaemon;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A daemon that serves somebody, at which an experiment is pointed: that it is the one that was
/// named, on this machine and of this user; and what would be done to it.
///
/// @param live the daemon
/// @param front its front's process id
/// @param worker its worker's process id, 0 when that has just ended
record ChaosAgainst(LiveDaemon live, long front, long worker) {

  /// The flag without which nothing is done.
  static final String CONSENT = "--yes-break-it";

  /// A schedule may have thousands; the first ones show what it is like.
  private static final int SHOWN_FAULTS = 20;

  /// The daemon of that data directory, which must answer at that address.
  ///
  /// @throws CommandFailure when there is none, or another one, or somebody else's
  static ChaosAgainst find(String address, Path data) throws IOException {
    DaemonFile file = DaemonClient.require(data).daemon();
    if (!isSame(address, file.url())) {
      throw new CommandFailure(
          ExitStatus.NOT_FOUND,
          "the daemon of "
              + data
              + " answers at "
              + file.url()
              + ", not at "
              + Shown.plain(address)
              + "; name the data directory of the one you mean with --data");
    }
    if (!URI.create(file.url()).getHost().equals("127.0.0.1")) {
      throw new CommandFailure(
          ExitStatus.FAILED,
          "experiments reach a daemon at 127.0.0.1 alone, and this one answers at " + file.url());
    }
    LiveDaemon.Known known = known(data, file.url());
    if (!known.front().info().user().equals(ProcessHandle.current().info().user())) {
      throw new CommandFailure(
          ExitStatus.FAILED, "the daemon at " + file.url() + " is another user's");
    }
    return new ChaosAgainst(
        new LiveDaemon(data, URI.create(file.url()), () -> known(data, file.url())),
        known.front().pid(),
        known.worker().map(ProcessHandle::pid).orElse(0L));
  }

  private static boolean isSame(String address, String url) {
    String named =
        address.replaceFirst("/+$", "").replaceFirst("//localhost(?=:|$)", "//127.0.0.1");
    return named.equals(url);
  }

  /// A handle is taken first and then held against what the daemon wrote of the start of its
  /// process, so that a process that was given a dead one's id is never taken for it.
  private static LiveDaemon.Known known(Path data, String url) throws IOException {
    DaemonFile file =
        DaemonFile.read(data)
            .filter(found -> found.url().equals(url))
            .orElseThrow(() -> new IOException("the daemon of " + data + " has ended"));
    Optional<ProcessHandle> front =
        ProcessHandle.of(file.front().pid()).filter(_ -> file.front().isAlive());
    Optional<ProcessHandle> worker =
        ProcessHandle.of(file.worker().pid()).filter(_ -> file.worker().isAlive());
    return new LiveDaemon.Known(
        file.token(),
        front.orElseThrow(() -> new IOException("the front of " + url + " has ended")),
        worker);
  }

  /// The campaign that does that step to it.
  ///
  /// @throws CommandFailure when the experiment is none for a live daemon
  Campaign campaign(Step step, String data) {
    try {
      LiveExperiment experiment = LiveExperiment.of(step.experiment(), live);
      String asked = step.asked() + " --against " + live.url() + data;
      return new Campaign(
          experiment.name() + " at " + live.url().getAuthority(),
          null,
          List.of(new Step(asked, experiment, step.seed(), step.cycles(), step.plan())),
          Campaign.Bounds.ONCE,
          List.of());
    } catch (IllegalArgumentException refused) {
      throw new CommandFailure(ExitStatus.USAGE, String.valueOf(refused.getMessage()), refused);
    }
  }

  /// What would be done.
  ///
  /// @param step the one step of [#campaign]
  JsonObject plan(Step step) {
    List<FaultSpec> faults = step.experiment().faults(step.seed(), step.cycles());
    return JsonObject.builder()
        .put("done", false)
        .put("daemon", live.url().toString())
        .put("data", live.data().toString())
        .put("front_pid", front)
        .put("worker_pid", worker)
        .put("experiment", step.experiment().name())
        .put("seed", step.seed())
        .put("cycles", step.cycles())
        .put("callers", step.plan().callers())
        .put("faults", new JsonArray(faults.stream().<JsonValue>map(FaultCodec::toJson).toList()))
        .put("would", JsonArray.ofStrings(would(step, faults)))
        .put("leaves", JsonArray.ofStrings(leaves()))
        .put("command", step.again() + " " + CONSENT)
        .build();
  }

  private List<String> would(Step step, List<FaultSpec> faults) {
    var would = new ArrayList<String>();
    would.add(
        "open one session, named chaos-TIME-"
            + Long.toHexString(step.seed())
            + ", in which "
            + step.plan().callers()
            + " callers work with the operator's token of daemon.json");
    would.add(
        "kill or stop the worker, process " + worker + " now, and those that follow it, only");
    would.add(
        "never touch the front, process "
            + front
            + ": whoever started it would have to start it again; its turns are the worker's");
    would.add(
        "break connections in a proxy of its own, between its callers and the daemon, and no"
            + " other");
    would.add("damage no file; export its own session into the data directory, and remove that");
    would.add("read, and not write, the newest operation of up to 100 sessions of others");
    would.add(
        "make everybody who calls this daemon meet what happens to its worker: calls wait, or are"
            + " answered as they are after a crash");
    would.add(faults.size() + " faults, as follows, over and over as the experiment says");
    return would;
  }

  private static List<String> leaves() {
    return List.of(
        "the session, closed, with its history",
        "a recovery and a crash for each kill, in recovery_history, in the metrics and in the logs",
        "the session open, when this command is killed; planaria sessions names it");
  }

  /// The plan in words.
  static String text(JsonObject plan) {
    var text = new StringBuilder("Nothing was done. On ");
    text.append(Shown.text(plan, "daemon"))
        .append(" (")
        .append(Shown.text(plan, "data"))
        .append(") this would:\n");
    lines(text, plan, "would");
    List<JsonObject> faults = Shown.objects(plan, "faults");
    for (JsonObject fault : faults.subList(0, Math.min(SHOWN_FAULTS, faults.size()))) {
      text.append("      ")
          .append(Shown.text(fault, "fault"))
          .append(" of ")
          .append(Shown.text(fault, "target"))
          .append(", at ")
          .append(Shown.text(fault, "start_millis"))
          .append(" ms, for ")
          .append(Shown.text(fault, "length_millis"))
          .append(" ms\n");
    }
    if (faults.size() > SHOWN_FAULTS) {
      text.append("      and ").append(faults.size() - SHOWN_FAULTS).append(" more\n");
    }
    text.append("It would leave:\n");
    lines(text, plan, "leaves");
    return text.append("To do it:\n  ").append(Shown.text(plan, "command")).toString();
  }

  private static void lines(StringBuilder text, JsonObject plan, String name) {
    if (plan.get(name) instanceof JsonArray(List<JsonValue> sentences)) {
      sentences.forEach(one -> text.append("  - ").append(Shown.plain(words(one))).append('\n'));
    }
  }

  private static String words(JsonValue value) {
    return value instanceof JsonString(String text) ? text : "";
  }
}
