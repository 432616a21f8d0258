package dev.planaria.app.daemon;

import dev.planaria.app.clients.faults.TracedExchanges;
import dev.planaria.app.gateway.clients.WorkerGuarantees;
import dev.planaria.app.tools.WaitingTool;
import dev.planaria.engine.recovery.RecoveryGuarantees;
import dev.planaria.engine.session.ArchiveGuarantees;
import dev.planaria.engine.session.EngineGuarantees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The worker of the clients' proofs: the product's, with a slow tool, a trace of how far each call
/// got, and, for negative controls, without one of its promises. Takes `--aim DIR` and `--without
/// PROMISE` beside what every worker takes.
final class LedgerWorkerMain {

  private LedgerWorkerMain() {}

  public static void main(String[] arguments) throws IOException {
    var passedOn = new ArrayList<String>();
    String aim = "";
    String without = "";
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      switch (arguments[i]) {
        case "--aim" -> aim = arguments[i + 1];
        case "--without" -> without = arguments[i + 1];
        default -> passedOn.addAll(List.of(arguments[i], arguments[i + 1]));
      }
    }
    var exchanges = new TracedExchanges(Path.of(aim));
    var extras =
        new Worker.Extras(
            workerGuarantees(without),
            engineGuarantees(without),
            sessions -> List.of(WaitingTool.on(sessions, LedgerWorkerMain::pause)),
            exchanges::watch);
    System.exit(WorkerMain.run(passedOn.toArray(String[]::new), extras));
  }

  private static void pause(long millis) throws InterruptedException {
    var _ = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
  }

  private static WorkerGuarantees workerGuarantees(String without) {
    return new WorkerGuarantees(
        !without.equals("honourStamp"),
        !without.equals("primerAfterRecord"),
        !without.equals("primerOnResume"),
        !without.equals("keepLinks"));
  }

  private static EngineGuarantees engineGuarantees(String without) {
    return new EngineGuarantees(
        !without.equals("answerFromDisk"),
        !without.equals("rememberOperationIds"),
        RecoveryGuarantees.ALL,
        ArchiveGuarantees.ALL,
        !without.equals("lookUpFailedCommits"),
        !without.equals("freshLeaseTokens"));
  }
}
