package dev.planaria.app.gateway.copies;

import dev.planaria.app.gateway.replay.Profile;
import dev.planaria.app.gateway.upstreams.Preparation;
import dev.planaria.app.gateway.upstreams.StdioCommand;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.journal.Hash;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/// All private copies of servers' packages: one for each process that runs from one, made right
/// before the process starts and removed when it has ended. They lie in a directory of their own
/// with mode 0700. Thread-safe.
public final class PrivateCopies {
  /// Far more commands than one daemon has.
  private static final int MOST_KNOWN = 1_000;

  /// What is called otherwise is not ours.
  private static final Pattern OURS = Pattern.compile("[0-9a-f]{16}-\\d+|npm\\d+\\.(out|err)");

  private final Path directory;
  private final CopySettings settings;
  private final Log log;
  private final ScriptSearch search;
  private final AtomicLong made = new AtomicLong();
  private final Map<List<String>, NodeCommand> known = new ConcurrentHashMap<>();
  private final Map<List<String>, CompletableFuture<NodeCommand>> searches =
      new ConcurrentHashMap<>();

  /// @param directory where they lie, and nothing else does; made when it is needed
  public PrivateCopies(Path directory, CopySettings settings, Log log) {
    this.directory = directory;
    this.settings = settings;
    this.log = log;
    this.search = new ScriptSearch(new Npx(directory, settings.findMillis()));
  }

  /// What a worker that was killed has left; its processes have ended with it.
  ///
  /// @return what removes it, to be run while copies are made already
  public Runnable leftOvers() {
    var found = new ArrayList<Path>();
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
        for (Path entry : entries) {
          if (OURS.matcher(entry.getFileName().toString()).matches()) {
            found.add(entry);
          }
        }
      } catch (IOException e) {
        log.warn("what private copies were left in " + directory + " cannot be seen", e);
      }
    }
    return () -> found.forEach(this::remove);
  }

  /// What is done before each start of a server.
  ///
  /// @param label what the server is called among all servers of all sessions
  /// @param fresh what makes a new process a fresh one
  public Preparation of(String label, Profile.Fresh fresh) {
    return fresh.privateCopy() ? new Copied(label, fresh.beforeReplay()) : Preparation.NONE;
  }

  /// Makes a copy before each start of one server.
  private final class Copied implements Preparation {
    private final String prefix;
    private final List<String> without;

    Copied(String label, List<String> without) {
      byte[] name = label.getBytes(StandardCharsets.UTF_8);
      this.prefix = Hash.sha256(name).toString().substring(0, 16) + "-";
      this.without = without;
    }

    @Override
    public Prepared prepare(StdioCommand command, Map<String, String> environment)
        throws InterruptedException {
      try {
        Path place = begin();
        boolean done = false;
        try {
          NodeCommand found = find(command, environment);
          NodePackage original = NodePackage.of(found.script());
          Path copy = PackageCopy.make(original, without, place, settings);
          Path script = copy.resolve(original.root().relativize(found.script()));
          done = true;
          return new Prepared(
              new StdioCommand(found.with(script), command.environment(), command.directory()),
              null,
              () -> remove(place));
        } finally {
          if (!done) {
            remove(place);
          }
        }
      } catch (NoCopy e) {
        String why = "no private copy of its package can be made: " + e.getMessage();
        log.warn("a server runs as it is: " + why, null);
        return new Prepared(command, why, () -> {});
      }
    }

    private Path begin() throws NoCopy {
      var private_ =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
      try {
        Files.createDirectories(directory, private_);
        while (true) {
          try {
            Path place = directory.resolve(prefix + made.incrementAndGet());
            // Node compares the real path of a script with the one that it was given.
            return Files.createDirectory(place, private_).toRealPath();
          } catch (FileAlreadyExistsException leftOver) {
            // It is about to be removed.
          }
        }
      } catch (IOException e) {
        throw NoCopy.failed("there is no place for it: " + e);
      }
    }
  }

  /// npm takes most of a second; so what it said counts as long as the script is there.
  private NodeCommand find(StdioCommand command, Map<String, String> environment)
      throws NoCopy, InterruptedException {
    var key = new ArrayList<>(command.argv());
    key.add(String.valueOf(command.directory()));
    key.add(environment.getOrDefault("PATH", ""));
    NodeCommand before = known.get(key);
    if (before != null && Files.isRegularFile(before.script())) {
      return before;
    }
    try {
      return searches.computeIfAbsent(key, _ -> begin(key, command, environment)).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof NoCopy refused ? refused : NoCopy.failed(String.valueOf(e));
    }
  }

  /// Looks on a thread of its own: an attempt to connect may be given up at any moment, and npm,
  /// when it is ended while it fetches a package, leaves its cache so that it fails from then on.
  /// The next attempt waits for the same search.
  private CompletableFuture<NodeCommand> begin(
      List<String> key, StdioCommand command, Map<String, String> environment) {
    var result = new CompletableFuture<NodeCommand>();
    Thread.ofVirtual()
        .name("finding-a-package")
        .start(() -> {
          try {
            NodeCommand found = search.find(command, environment);
            if (known.size() >= MOST_KNOWN) {
              known.clear();
            }
            known.put(key, found);
            result.complete(found);
          } catch (NoCopy | InterruptedException | RuntimeException e) {
            result.completeExceptionally(e);
          } finally {
            searches.remove(key, result);
            // Who waits for a search that broke, with an error, is told so.
            result.completeExceptionally(new IllegalStateException("the search broke"));
          }
        });
    return result;
  }

  private void remove(Path copy) {
    try {
      PackageCopy.remove(copy);
    } catch (IOException e) {
      log.warn("a private copy cannot be removed now, and is when the next worker starts", e);
    }
  }
}
