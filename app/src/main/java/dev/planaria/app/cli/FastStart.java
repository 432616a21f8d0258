package dev.planaria.app.cli;

import dev.planaria.app.cli.scratch.Rehearsal;
import dev.planaria.app.front.WorkerCommand;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Makes caches of loaded and linked classes, one for each role, by watching a rehearsal (JEP 483,
/// JEP 514 and JEP 515: ahead-of-time class loading, linking and method profiles).
///
/// A cache fits one virtual machine and one class path. Where it does not fit, the virtual machine
/// passes over it, and only the start is slower.
final class FastStart {

  private static final long CREATE_SECONDS = 120;

  private final Installation installation;
  private final Path caches;
  private final Path scratch;
  private final CliEnvironment environment;

  /// @param home the directory that holds `lib/`
  /// @param scratch an empty directory
  FastStart(Path home, Path scratch, CliEnvironment environment) {
    this.installation = new Installation(environment.installation().launcher(), home);
    this.caches = home.resolve("aot");
    this.scratch = scratch;
    this.environment = environment;
  }

  /// Makes all of them.
  ///
  /// @return the files written
  List<Path> makeCaches() throws IOException, InterruptedException {
    Files.createDirectories(caches);
    List<String> up = installation.upCommand();
    WorkerCommand worker =
        installation.workerCommand(UpOptions.DEFAULT_WORKER_HEAP_MIB, "127.0.0.1", scratch);
    List<String> status = installation.command("status", "--data", scratch + "/data");
    List<String> wrap = installation.wrapCommand("--data", scratch + "/data");
    Rehearsal.run(
        recording(up, "front"),
        scratch,
        environment.sources().nanoTime(),
        data -> {
          runToEnd(recording(status, "cli"));
          runToEnd(recording(wrap, "wrap"), clientLines());
          replaceByRecording(worker, data);
        });
    var written = new ArrayList<Path>();
    written.add(create(up, "front"));
    written.add(create(worker.line(scratch, scratch, null), "worker"));
    written.add(create(status, "cli"));
    written.add(create(wrap, "wrap"));
    return written;
  }

  /// The same command with a virtual machine that takes notes.
  private List<String> recording(List<String> command, String role) {
    var recording = new ArrayList<>(command);
    recording.addAll(1, recordFlags(role));
    return recording;
  }

  private List<String> recordFlags(String role) {
    return List.of("-XX:AOTMode=record", "-XX:AOTConfiguration=" + notes(role));
  }

  private Path notes(String role) {
    return scratch.resolve(role + ".notes");
  }

  /// From here on the daemon's workers take notes. The one that lives to write them is the one
  /// after the kill, so that it has a crash to recover from.
  private void replaceByRecording(WorkerCommand worker, Path data) throws IOException {
    var flags = new ArrayList<>(recordFlags("worker"));
    flags.addAll(worker.flags());
    DaemonClient.require(data)
        .post(
            "/api/v1/daemon/replace",
            JsonObject.builder().put("flags", JsonArray.ofStrings(flags)).build());
  }

  /// Makes a cache out of notes. The class path and the flags must be those of the later use; what
  /// stands after them is not run.
  private Path create(List<String> command, String role) throws IOException, InterruptedException {
    Path cache = caches.resolve(role + ".aot");
    Path fresh = caches.resolve(role + ".aot.new");
    var creating = new ArrayList<>(command);
    creating.addAll(
        1,
        List.of(
            "-XX:AOTMode=create", "-XX:AOTConfiguration=" + notes(role), "-XX:AOTCache=" + fresh));
    runToEnd(creating);
    Files.writeString(Installation.sumOf(cache), Installation.crc32(fresh) + "\n");
    return Files.move(fresh, cache, StandardCopyOption.REPLACE_EXISTING);
  }

  /// What a client says to the shim, so that it uses all that it needs for work.
  private Path clientLines() throws IOException {
    return Files.writeString(
        scratch.resolve("client.lines"),
        """
        {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",\
        "capabilities":{},"clientInfo":{"name":"rehearsal","version":"1"}}}
        {"jsonrpc":"2.0","method":"notifications/initialized"}
        {"jsonrpc":"2.0","id":1,"method":"tools/list"}
        {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"session_status",\
        "arguments":{}}}
        {"jsonrpc":"2.0","id":"3","method":"server/discover","params":{"_meta":{\
        "io.modelcontextprotocol/protocolVersion":"2026-07-28",\
        "io.modelcontextprotocol/clientCapabilities":{}}}}
        no message
        """);
  }

  private void runToEnd(List<String> command) throws IOException, InterruptedException {
    runToEnd(command, null);
  }

  private void runToEnd(List<String> command, @Nullable Path input)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).inheritIO();
    if (input != null) {
      builder.redirectInput(input.toFile());
      builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }
    Process process = builder.start();
    if (!process.waitFor(CREATE_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("not done after " + CREATE_SECONDS + " s: " + command);
    }
    if (process.exitValue() != 0) {
      throw new IOException("ended with " + process.exitValue() + ": " + command);
    }
  }
}
