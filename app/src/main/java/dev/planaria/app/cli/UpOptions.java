package dev.planaria.app.cli;

import dev.planaria.app.daemon.FrontOptions;
import dev.planaria.app.daemon.LogFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What `planaria up` was asked for.
///
/// @param data the data directory, or null for the default
/// @param host the address to listen on
/// @param port the port to listen on; 0 takes any that is free
/// @param config a file that names servers, or null
/// @param store where data are kept, or null for the default
/// @param allowRemote whether an address that others can reach is meant
/// @param replace whether a running daemon's worker is to be changed for one of this build
/// @param workerHeapMib how much memory the worker's objects may take, in MiB
/// @param logFormat what the lines of the worker's log look like
/// @param json whether the answer is for programs
record UpOptions(
    @Nullable Path data,
    String host,
    int port,
    @Nullable Path config,
    @Nullable String store,
    boolean allowRemote,
    boolean replace,
    int workerHeapMib,
    LogFormat logFormat,
    boolean json) {

  /// Room for sessions of some hundred thousand entries, and no more than a small machine has.
  static final int DEFAULT_WORKER_HEAP_MIB = 512;

  /// With less, a worker of an empty store does not start.
  private static final int LEAST_WORKER_HEAP_MIB = 64;

  private static final Set<String> WITH_VALUE =
      Set.of("--data", "--host", "--port", "--config", "--store", "--worker-heap", "--log-format");

  private static final Set<String> FLAGS = Set.of("--allow-remote", "--replace", "--json");

  /// Checks what the parser cannot.
  ///
  /// @throws CommandFailure when something is asked for that this version does not do
  UpOptions {
    if (port < 0 || port > 65_535) {
      throw new CommandFailure(ExitStatus.USAGE, "--port must be between 0 and 65535, not " + port);
    }
    if (workerHeapMib < LEAST_WORKER_HEAP_MIB) {
      throw new CommandFailure(
          ExitStatus.USAGE,
          "--worker-heap must be at least " + LEAST_WORKER_HEAP_MIB + ", not " + workerHeapMib);
    }
    if (store != null && !store.equals("sqlite")) {
      throw new CommandFailure(
          ExitStatus.FAILED,
          "--store " + store + ": this version keeps its data in SQLite only; leave --store out");
    }
    if (config != null && !Files.isReadable(config)) {
      throw new CommandFailure(ExitStatus.NOT_FOUND, "--config: no readable file " + config);
    }
  }

  /// Reads the plain forms, `--name value` and `--flag`, without the parser of the other commands:
  /// loading that one would double the time until the daemon is ready. Empty when anything is not
  /// plain (help, `--name=value`, a name that is unknown or said twice, a value that does not fit);
  /// then the parser is to read it, and complain where there is something to complain about.
  ///
  /// @param arguments what follows `up`
  /// @throws CommandFailure as the constructor
  static Optional<UpOptions> readPlain(List<String> arguments) {
    Map<String, String> values = new HashMap<>();
    Set<String> flags = new HashSet<>();
    List<String> rest = new ArrayList<>(arguments);
    while (!rest.isEmpty()) {
      String name = rest.removeFirst();
      boolean fresh;
      if (FLAGS.contains(name)) {
        fresh = flags.add(name);
      } else if (WITH_VALUE.contains(name) && !rest.isEmpty() && !rest.getFirst().startsWith("-")) {
        fresh = values.put(name, rest.removeFirst()) == null;
      } else {
        fresh = false;
      }
      if (!fresh) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(
          new UpOptions(
              path(values.get("--data")),
              values.getOrDefault("--host", FrontOptions.DEFAULT_HOST),
              Integer.parseInt(values.getOrDefault("--port", "" + FrontOptions.DEFAULT_PORT)),
              path(values.get("--config")),
              values.get("--store"),
              flags.contains("--allow-remote"),
              flags.contains("--replace"),
              Integer.parseInt(values.getOrDefault("--worker-heap", "" + DEFAULT_WORKER_HEAP_MIB)),
              LogFormat.named(values.getOrDefault("--log-format", LogFormat.TEXT.word())),
              flags.contains("--json")));
    } catch (IllegalArgumentException _) { // of a number, a path or a log's format
      return Optional.empty();
    }
  }

  private static @Nullable Path path(@Nullable String text) {
    return text == null ? null : Path.of(text);
  }
}
