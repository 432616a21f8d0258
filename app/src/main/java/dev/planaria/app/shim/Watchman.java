package dev.planaria.app.shim;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/// Sees to it that nobody waits for ever: asks a silent daemon whether it lives, and answers what
/// has waited too long without one. One thread.
final class Watchman {

  /// How exactly times are kept while anything is unanswered.
  private static final long TICK_MILLIS = 250;

  private final Bridge bridge;
  private final ShimSettings.Patience patience;

  Watchman(Bridge bridge) {
    this.bridge = bridge;
    this.patience = bridge.settings().patience();
  }

  /// Until the end.
  void run() {
    try {
      while (!bridge.lines().isEnded()) {
        bridge.lines().awaitAny();
        bridge.lines().pause(TICK_MILLIS);
        runOnce();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Looks once.
  void runOnce() {
    var attachment = bridge.attachment();
    for (var line : bridge.lines().which(line -> true)) {
      if (attachment.isLostSince(line.acceptedNanos, patience.outageMillis())) {
        bridge.fail(line, Answers.UNREACHABLE, overdue(line));
        var exchange = line.exchange;
        if (exchange != null) {
          exchange.close();
        }
      }
    }
    long now = bridge.environment().nanoTime().getAsLong();
    long silence = TimeUnit.MILLISECONDS.toNanos(patience.probeAfterMillis());
    for (var line : bridge.lines().which(line -> isSilent(line, now, silence))) {
      var exchange = line.exchange;
      if (exchange != null) {
        probe(exchange);
        return;
      }
    }
  }

  private static boolean isSilent(KeptLine line, long now, long silence) {
    var exchange = line.exchange;
    return exchange != null && now - exchange.heardNanos() > silence;
  }

  private String overdue(KeptLine line) {
    var since = "no daemon could be reached for " + patience.outageMillis() / 1_000 + " s (";
    return since
        + bridge.attachment().trouble()
        + "); "
        + (line.sends == 0
            ? "this was not sent"
            : "whether this was done is unknown; ask operation_status before you repeat it");
  }

  /// Silence is no death: a call may take hours. An unanswered question is one.
  private void probe(Exchange silent) {
    var daemon = silent.daemon();
    try {
      bridge.attachment().ask(daemon, "GET", "/livez", new byte[0], patience.probeMillis());
      for (var line : onSameDaemon(daemon)) {
        line.heard();
      }
    } catch (IOException e) {
      bridge.note("the daemon does not answer: " + Attachment.sentence(e));
      bridge.attachment().lose("the daemon does not answer");
      bridge.attachment().doubt();
      onSameDaemon(daemon).forEach(Exchange::close);
    }
  }

  private java.util.List<Exchange> onSameDaemon(Daemons.Daemon daemon) {
    var exchanges = new java.util.ArrayList<Exchange>();
    for (var line : bridge.lines().which(line -> line.exchange != null)) {
      var exchange = line.exchange;
      if (exchange != null && exchange.daemon().front().equals(daemon.front())) {
        exchanges.add(exchange);
      }
    }
    return exchanges;
  }
}
