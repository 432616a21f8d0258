package dev.planaria.app.cli;

import dev.planaria.app.daemon.DaemonFile;
import dev.planaria.app.daemon.PortHolder;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Optional;

/// What `planaria doctor` asks about a daemon that runs, ran, or is to run.
final class DaemonChecks {

  private final Path data;
  private final int port;

  DaemonChecks(Path data, int port) {
    this.data = data;
    this.port = port;
  }

  /// Whether one runs and answers, or has left its file behind.
  Check daemon() {
    String name = "daemon";
    try {
      Optional<DaemonFile> file = DaemonFile.read(data);
      if (file.isEmpty()) {
        return Check.ok(name, "none is running on " + data);
      }
      String said = file.get().url() + " (front " + file.get().front().pid() + ")";
      Optional<DaemonClient> running = DaemonClient.find(data);
      if (running.isEmpty()) {
        return Check.warn(
            name,
            "the one that served " + said + " is gone and did not end in order",
            "start planaria up; it recovers what was acknowledged");
      }
      boolean ready = running.get().isReady();
      return ready
          ? Check.ok(name, "running at " + said)
          : Check.warn(name, "running at " + said + ", and its worker is not ready", "ask again");
    } catch (IOException | CommandFailure failure) {
      return Check.fail(
          name, String.valueOf(failure.getMessage()), "look into " + data.resolve("logs"));
    }
  }

  /// Whether the port is free, or who has it.
  Check port() {
    String name = "port " + port;
    try (var socket = new ServerSocket()) {
      // Otherwise connections of an earlier daemon that are still closing count as taken.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return Check.ok(name, "free");
    } catch (BindException _) {
      return isOurs()
          ? Check.ok(name, "held by the daemon that runs on this data directory")
          : Check.fail(
              name,
              "taken by " + PortHolder.of(port).orElse("another process"),
              "end it, or use another port with planaria up --port");
    } catch (IOException failure) {
      return Check.fail(name, "cannot be tried: " + failure.getMessage(), "check the network");
    }
  }

  private boolean isOurs() {
    try {
      return DaemonFile.read(data)
          .filter(DaemonFile::isRunning)
          .filter(file -> file.url().endsWith(":" + port))
          .isPresent();
    } catch (IOException unreadable) {
      // Reported by the check of the daemon.
      return false;
    }
  }
}
