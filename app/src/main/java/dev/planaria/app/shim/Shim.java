package dev.planaria.app.shim;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/// One life of the shim: from the client that launches it to the client that closes it.
///
/// It starts threads of its own in [#run], and is otherwise thread-safe.
public final class Shim {

  /// The client closed its side, and was served until then.
  public static final int OK = 0;

  /// The client could not be served; a sentence says why.
  public static final int FAILED = 1;

  private final ShimSettings settings;
  private final ShimEnvironment environment;
  private final Bridge bridge;
  private final AtomicBoolean ending = new AtomicBoolean();
  private final CountDownLatch gone = new CountDownLatch(1);

  /// @param target what the client talks to
  /// @param output where the client reads, and nothing else is written
  /// @param onGone is called when the client does not read any more
  public Shim(
      Target target,
      ShimSettings settings,
      ShimGuarantees guarantees,
      ShimEnvironment environment,
      OutputStream output,
      Runnable onGone) {
    this.settings = settings;
    this.environment = environment;
    this.bridge =
        new Bridge(
            target,
            settings,
            guarantees,
            environment,
            new ClientOutput(
                output,
                () -> {
                  gone.countDown();
                  onGone.run();
                }),
            new Attachment(target, settings, environment));
  }

  /// Finds a daemon, tells it of the target, and serves the client until it closes its side.
  ///
  /// @param input what the client writes
  /// @return the exit status for the process
  public int run(InputStream input) throws IOException, InterruptedException {
    var courier = new Courier(bridge);
    try {
      courier.attachFirst();
    } catch (Attachment.Unreachable | Attachment.Refused e) {
      environment.note().accept(String.valueOf(e.getMessage()));
      return FAILED;
    }
    Thread.ofVirtual().name("courier").start(courier::run);
    Thread.ofVirtual().name("watchman").start(new Watchman(bridge)::run);
    Thread.ofVirtual().name("listener").start(new ListenStream(bridge)::run);
    var reader = new LineReader(input, settings.limits().lineBytes());
    for (var line = reader.next(); line != null; line = reader.next()) {
      bridge.accept(line);
    }
    end(settings.patience().graceMillis());
    return OK;
  }

  /// Ends as [#run] does when the client closes its side, only sooner; for a process that is told
  /// to stop. Returns when everything is said.
  public void stop() throws InterruptedException {
    end(gone.getCount() == 0 ? 0 : settings.patience().stopMillis());
  }

  private void end(long graceMillis) throws InterruptedException {
    if (!ending.compareAndSet(false, true)) {
      return;
    }
    bridge.lines().awaitSettled(graceMillis);
    bridge.lines().end();
    bridge.farewell();
  }
}
