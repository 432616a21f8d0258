package dev.planaria.app.daemon;

import dev.planaria.app.gateway.connections.Configured;
import dev.planaria.app.gateway.connections.ServerDefinition;
import dev.planaria.app.gateway.connections.ServerFactory;
import dev.planaria.app.gateway.upstreams.ServerEntry;
import dev.planaria.app.gateway.upstreams.UpstreamsFile;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.json.FieldException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// The servers of the operator's file, as it is now. A file that has become unusable changes
/// nothing, and is complained about once. Thread-safe; [#runOnce] by one thread at a time.
final class ConfiguredServers implements Configured {
  /// How often the file is looked at: who has just written it does not wait for long.
  static final long LOOK_MILLIS = 2_000;

  private final Path path;
  private final UpstreamsFile file;
  private final ServerFactory servers;
  private final Log log;
  private volatile Map<String, ServerEntry> entries;

  /// Reads the file.
  ///
  /// @throws UpstreamsFile.Refused when it cannot be used
  ConfiguredServers(Path path, ServerFactory servers, Log log) throws UpstreamsFile.Refused {
    this.path = path;
    this.file = new UpstreamsFile(path, System.getProperty("user.name"), System.getenv());
    this.servers = servers;
    this.log = log;
    var _ = file.runOnce();
    this.entries = checked(file.servers());
  }

  /// What stands in a member `planaria` is read here first.
  private Map<String, ServerEntry> checked(Map<String, ServerEntry> found)
      throws UpstreamsFile.Refused {
    for (ServerEntry entry : found.values()) {
      try {
        servers.of("", entry);
      } catch (FieldException e) {
        throw new UpstreamsFile.Refused(
            path + ": mcpServers." + entry.name() + ".planaria: " + e.getMessage());
      }
    }
    return found;
  }

  @Override
  public Optional<Server> find(String server) {
    return Optional.ofNullable(entries.get(server)).map(Named::new);
  }

  @Override
  public Set<String> names() {
    return entries.keySet();
  }

  private final class Named implements Server {
    private final ServerEntry entry;

    Named(ServerEntry entry) {
      this.entry = entry;
    }

    @Override
    public ServerEntry.Scope scope() {
      return entry.scope();
    }

    @Override
    public ServerDefinition of(String session) {
      return servers.of(session, entry);
    }
  }

  /// Looks whether the file has changed.
  ///
  /// @param changed hears which servers are other ones now, or gone
  void runOnce(Consumer<Set<String>> changed) {
    try {
      Optional<UpstreamsFile.Change> change = file.runOnce();
      if (change.isPresent()) {
        entries = checked(change.get().servers());
        var others = new HashSet<>(change.get().changed());
        others.addAll(change.get().removed());
        log.info(
            "the file of servers has changed: added "
                + change.get().added()
                + ", changed "
                + change.get().changed()
                + ", removed "
                + change.get().removed());
        changed.accept(others);
      }
    } catch (UpstreamsFile.Refused e) {
      log.warn("the file of servers is not used as it is now: " + e.getMessage(), null);
    }
  }
}
