package dev.planaria.app.clients.processes;

import dev.planaria.app.clients.ledger.ClientEvent;
import dev.planaria.app.clients.ledger.Transcript;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// A client at work on the daemon, and what it tells.
public final class ClientProcess implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Child child;
  private final Transcript told;

  private ClientProcess(Child child, Transcript told) {
    this.child = child;
    this.told = told;
  }

  /// Starts a client and waits until it is connected and has opened its sessions.
  ///
  /// @param program how the client is started; the workload's options are added
  public static ClientProcess start(List<String> program, Workload workload, DaemonProcess daemon)
      throws IOException, InterruptedException {
    var told = new Transcript();
    Path errors = daemon.setup().scratch().resolve(workload.run() + ".err");
    // For whoever has to find out what went wrong.
    var kept =
        new PrintWriter(
            Files.newBufferedWriter(daemon.setup().scratch().resolve(workload.run() + ".ledger")));
    Child child =
        Child.start(
            workload.commandFor(program, daemon.url() + "/mcp"),
            Map.of("PLANARIA_TOKEN", daemon.token()),
            errors,
            line -> {
              kept.println(line);
              told.note(line);
            },
            complaints -> {
              kept.close();
              told.close(complaints);
            });
    var client = new ClientProcess(child, told);
    try {
      told.await("the client's readiness", 0, ClientEvent.Ready.class::isInstance, PATIENCE);
      return client;
    } catch (AssertionError e) {
      client.close();
      throw new AssertionError(e.getMessage() + child.errors(), e);
    }
  }

  /// What the client has told so far.
  public Transcript told() {
    return told;
  }

  /// Lets it finish what it has begun, and waits for its end.
  public void stop() throws IOException, InterruptedException {
    child.say("stop");
    int status = child.await(PATIENCE);
    if (status != 0 || told.all(ClientEvent.Stopped.class).isEmpty()) {
      throw new AssertionError("the client ended with status " + status + child.errors());
    }
  }

  @Override
  public void close() {
    child.close();
  }
}
