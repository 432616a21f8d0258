package dev.planaria.app.front;

import dev.planaria.engine.recovery.CrashEvent;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// The process monitor: keeps one worker running. It learns of an exit at once, takes silence for a
/// hang and ends it, and starts the next worker, at once or after a pause when workers die young
/// one after the other. Everything it decides it decides in one thread, from events and the clock,
/// so that a test can hand in both and tick; [#post] and [#status] may be called from any thread.
final class Supervisor {

  /// What the monitor acts on.
  ///
  /// @param launcher starts workers
  /// @param pool where requests wait for one
  /// @param endOrphans ends the processes that a killed worker left behind
  /// @param onReady gets the process id of each worker that is ready, after requests flow again
  record Surroundings(
      Worker.Launcher launcher, WorkerPool pool, Runnable endOrphans, LongConsumer onReady) {}

  private final SupervisionSettings settings;
  private final FrontEnvironment environment;
  private final Surroundings surroundings;
  private final BlockingQueue<MonitorEvent> inbox = new LinkedBlockingQueue<>();
  private final CompletableFuture<Boolean> started = new CompletableFuture<>();
  private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
  private final Crashes crashes;

  private volatile WorkerCommand command;
  private volatile @Nullable String refusal;
  private @Nullable WorkerCommand former;
  private @Nullable CompletableFuture<MonitorEvent.Replaced> replacing;
  private @Nullable Worker worker;
  private Phase phase = new Phase.Pausing(0);
  private boolean stopping;
  private boolean orderly;
  private boolean hung;
  private boolean cautious;
  private long generation;
  private int youngDeaths;
  private int youngKills;
  private long heartbeatNanos;
  private long heartbeatMillis;
  private long launchedNanos;
  private String workerState = "none";
  private long lookedNanos;
  private volatile MonitorStatus status;

  Supervisor(
      WorkerCommand command,
      SupervisionSettings settings,
      FrontEnvironment environment,
      Surroundings surroundings) {
    this.command = command;
    this.settings = settings;
    this.environment = environment;
    this.surroundings = surroundings;
    this.crashes = new Crashes(settings.crashesKept());
    this.status = describe();
  }

  /// Tells the monitor something. Thread-safe.
  void post(MonitorEvent event) {
    inbox.add(event);
  }

  /// What the monitor knows. Thread-safe.
  MonitorStatus status() {
    return status;
  }

  /// True when the worker answers and was heard of lately. Thread-safe.
  boolean isReady() {
    var now = status;
    var silence = environment.nanoTime().getAsLong() - now.lastHeartbeatNanos();
    return now.state().equals("ready") && silence < nanos(settings.silenceMillis());
  }

  /// How workers are started at present. Thread-safe.
  WorkerCommand command() {
    return command;
  }

  /// Why the last worker could not serve, as it said itself; null when it did not. Thread-safe.
  @Nullable String refusal() {
    return refusal;
  }

  /// Completes with true when the first worker is ready, with false when none will be.
  CompletableFuture<Boolean> started() {
    return started;
  }

  /// Completes when the last worker is gone after a stop.
  CompletableFuture<Boolean> stopped() {
    return stopped;
  }

  /// Starts the first worker.
  void start() {
    lookedNanos = environment.nanoTime().getAsLong();
    launch();
  }

  /// Runs until the daemon has stopped.
  void run() {
    try {
      while (!(phase instanceof Phase.Stopped)) {
        runOnce(nanosToDeadline());
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits for one event, not longer than given, and does what it and the clock ask for.
  void runOnce(long waitNanos) throws InterruptedException {
    step(inbox.poll(waitNanos, TimeUnit.NANOSECONDS), waitNanos);
  }

  /// Does what one event, or none, and everything that came with it, and the clock ask for.
  ///
  /// @param waitNanos how long the step before this one meant to wait at most
  void step(@Nullable MonitorEvent first, long waitNanos) {
    forgiveOversleeping(waitNanos);
    for (var event = first; event != null; event = inbox.poll()) {
      handle(event);
    }
    checkDeadlines();
    status = describe();
  }

  /// When this process itself was stopped or starved, the worker's silence proves nothing.
  private void forgiveOversleeping(long waitNanos) {
    var now = environment.nanoTime().getAsLong();
    var lateNanos = now - lookedNanos - waitNanos;
    if (lateNanos > nanos(settings.silenceMillis()) / 3) {
      heartbeatNanos += lateNanos;
    }
    lookedNanos = now;
  }

  private void handle(MonitorEvent event) {
    switch (event) {
      case MonitorEvent.Ready(var from) when from == generation -> becameReady();
      case MonitorEvent.Heartbeat(var from, var state) when from == generation -> heard(state);
      case MonitorEvent.Clean(var from) when from == generation -> orderly = true;
      case MonitorEvent.Refused(var from, var reason) when from == generation -> {
        refusal = reason;
        environment.log().note("the worker cannot serve: " + reason);
      }
      case MonitorEvent.Exited(var from, var exitStatus) when from == generation ->
          exited(exitStatus);
      case MonitorEvent.Replace replace -> replace(replace);
      case MonitorEvent.Stop() -> stop();
      case MonitorEvent.Ready _,
          MonitorEvent.Heartbeat _,
          MonitorEvent.Clean _,
          MonitorEvent.Refused _,
          MonitorEvent.Exited _ -> {
        // Of a worker that is no longer the present one.
      }
    }
  }

  private void heard(String state) {
    heartbeatNanos = environment.nanoTime().getAsLong();
    heartbeatMillis = environment.nowMillis().getAsLong();
    workerState = state;
  }

  private void becameReady() {
    var present = worker;
    if (present == null || !(phase instanceof Phase.Starting)) {
      return;
    }
    var startupNanos = environment.nanoTime().getAsLong() - launchedNanos;
    heard("ready");
    phase = new Phase.Serving(heartbeatNanos);
    status = describe();
    surroundings.pool().open(generation, present.socket());
    former = null;
    cautious = false;
    refusal = null;
    crashes.dealtWith();
    surroundings.onReady().accept(present.pid());
    environment
        .log()
        .note(
            "worker "
                + present.pid()
                + " ready after "
                + TimeUnit.NANOSECONDS.toMillis(startupNanos)
                + " ms");
    started.complete(true);
    finishReplacing(true, "worker " + present.pid() + " serves as generation " + generation);
  }

  private void exited(int exitStatus) {
    // Before the orphans are ended, which takes its time: this is when serving ended.
    var exitMillis = environment.nowMillis().getAsLong();
    var gone = worker;
    var end = orderly ? WorkerEnd.PLANNED : how(exitStatus);
    surroundings.pool().ended(generation, end);
    worker = null;
    if (gone != null) {
      gone.cleanUp();
    }
    surroundings.endOrphans().run();
    if (!orderly) {
      noteCrash(exitMillis);
    }
    cautious = phase instanceof Phase.Starting;
    var planned = phase instanceof Phase.Draining;
    youngDeaths = !planned && diedYoung(end) ? youngDeaths + 1 : 0;
    youngKills = wasKilledYoung(end) ? youngKills + 1 : 0;
    var told = "worker " + generation + (orderly ? " ended" : " died") + ", status " + exitStatus;
    if (stopping) {
      endForGood();
    } else if (!started.isDone() && youngDeaths >= settings.startAttempts()) {
      started.complete(false);
      endForGood();
    } else {
      revertIfOnTrial();
      var pause = settings.backoff().pauseMillis(youngDeaths, youngKills);
      if (pause == 0) {
        launch();
      } else {
        phase = new Phase.Pausing(environment.nanoTime().getAsLong() + nanos(pause));
        told += "; the next one starts in " + pause + " ms";
      }
    }
    environment.log().note(told);
  }

  private WorkerEnd how(int exitStatus) {
    return hung ? WorkerEnd.BY_ITSELF : WorkerEnd.ofStatus(exitStatus);
  }

  /// A worker that served and was then killed from outside has shown that a restart mends things: a
  /// pause would only make its clients wait.
  private boolean diedYoung(WorkerEnd end) {
    return switch (phase) {
      case Phase.Serving(var since) -> end == WorkerEnd.BY_ITSELF && isYoung(since);
      case Phase.Starting _, Phase.Draining _, Phase.Killed _, Phase.Pausing _, Phase.Stopped _ ->
          true;
    };
  }

  private boolean wasKilledYoung(WorkerEnd end) {
    return end == WorkerEnd.KILLED && phase instanceof Phase.Serving(var since) && isYoung(since);
  }

  private boolean isYoung(long sinceNanos) {
    return environment.nanoTime().getAsLong() - sinceNanos
        < nanos(settings.backoff().youngMillis());
  }

  /// What hung had failed before it exited; when exactly, nobody saw.
  private void noteCrash(long exitMillis) {
    var silence =
        TimeUnit.NANOSECONDS.toMillis(environment.nanoTime().getAsLong() - heartbeatNanos);
    crashes.note(
        new CrashEvent(
            hung ? CrashEvent.Type.PROCESS_HANG : CrashEvent.Type.PROCESS_CRASH,
            exitMillis,
            hung ? heartbeatMillis : exitMillis,
            heartbeatMillis,
            workerState,
            CrashEvent.severityOf(silence)));
  }

  /// A new command that does not bring up a worker is taken back at once: somebody waits.
  private void revertIfOnTrial() {
    var back = former;
    if (back != null && !(phase instanceof Phase.Draining)) {
      command = back;
      former = null;
      finishReplacing(false, "the new worker died before it was ready; the former command is back");
    }
  }

  private void launch() {
    generation++;
    orderly = false;
    hung = false;
    heard("starting");
    launchedNanos = heartbeatNanos;
    try {
      // A cache of classes that is damaged may be what ended the last start.
      var careful = cautious ? command.withoutClassCache() : command;
      worker =
          surroundings.launcher().launch(generation, careful, crashes.undealtWith(), this::post);
      phase = new Phase.Starting(heartbeatNanos + nanos(settings.readyMillis()));
    } catch (IOException e) {
      environment.log().note("the worker could not be started: " + e.getMessage());
      phase = new Phase.Killed();
      post(new MonitorEvent.Exited(generation, -1));
    }
    status = describe();
  }

  private void replace(MonitorEvent.Replace replace) {
    var present = worker;
    if (present == null || !(phase instanceof Phase.Serving)) {
      replace
          .done()
          .complete(new MonitorEvent.Replaced(false, "the worker is " + describe().state()));
      return;
    }
    replacing = replace.done();
    var next = replace.command();
    if (next != null) {
      former = command;
      command = next;
    }
    drain(present);
  }

  private void stop() {
    stopping = true;
    var present = worker;
    if (present == null) {
      endForGood();
    } else if (!(phase instanceof Phase.Draining)) {
      drain(present);
    }
  }

  private void drain(Worker present) {
    surroundings.pool().hold(generation);
    phase = new Phase.Draining(environment.nanoTime().getAsLong() + nanos(settings.drainMillis()));
    present.drain();
  }

  private void endForGood() {
    phase = new Phase.Stopped();
    finishReplacing(false, "the daemon stops");
    surroundings.pool().close();
    started.complete(false);
    stopped.complete(true);
  }

  private void finishReplacing(boolean happened, String sentence) {
    var waiting = replacing;
    if (waiting != null) {
      replacing = null;
      waiting.complete(new MonitorEvent.Replaced(happened, sentence));
    }
  }

  private void checkDeadlines() {
    var now = environment.nanoTime().getAsLong();
    switch (phase) {
      case Phase.Starting(var deadline) when now >= deadline -> {
        hung = true;
        kill("was not ready after " + settings.readyMillis() + " ms (readyMillis)");
      }
      case Phase.Serving _ when now - heartbeatNanos >= nanos(settings.silenceMillis()) -> {
        hung = true;
        kill("said nothing for " + settings.silenceMillis() + " ms (silenceMillis)");
      }
      case Phase.Draining(var deadline) when now >= deadline -> {
        orderly = true;
        kill("did not end its calls within " + settings.drainMillis() + " ms (drainMillis)");
        phase = new Phase.Draining(Long.MAX_VALUE);
      }
      case Phase.Pausing(var until) when now >= until -> launch();
      case Phase.Starting _,
          Phase.Serving _,
          Phase.Draining _,
          Phase.Killed _,
          Phase.Pausing _,
          Phase.Stopped _ -> {}
    }
  }

  private void kill(String why) {
    var present = worker;
    if (present != null) {
      environment.log().note("worker " + present.pid() + " " + why + " and is killed");
      surroundings.pool().hold(generation);
      phase = new Phase.Killed();
      present.kill();
    }
  }

  private long nanosToDeadline() {
    var now = environment.nanoTime().getAsLong();
    return switch (phase) {
      case Phase.Starting(var deadline) -> deadline - now;
      case Phase.Serving _ -> heartbeatNanos + nanos(settings.silenceMillis()) - now;
      case Phase.Draining(var deadline) -> deadline - now;
      case Phase.Pausing(var until) -> until - now;
      case Phase.Killed _, Phase.Stopped _ -> nanos(settings.silenceMillis());
    };
  }

  private MonitorStatus describe() {
    var present = worker;
    return new MonitorStatus(
        phase.state(),
        phase.sentence(Math.max(youngDeaths, youngKills)) + lastRefusal(),
        generation,
        present == null ? 0 : present.pid(),
        Math.max(0, generation - 1),
        heartbeatNanos,
        workerState,
        crashes.kept());
  }

  private String lastRefusal() {
    var reason = refusal;
    return reason == null || phase instanceof Phase.Stopped
        ? ""
        : "; the last one could not serve: " + reason;
  }

  private static long nanos(long millis) {
    return TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
