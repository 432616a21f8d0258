package dev.planaria.app.gateway.upstreams;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonBoolean;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The operator's file of servers, in the form that MCP clients have (`{"mcpServers": {name:
/// {...}}}`), read again when it has changed. It names commands that run here, so it must belong to
/// us or to root, and nobody else may be able to write it. Entries with `"disabled": true` do not
/// count. Used by one thread at a time.
public final class UpstreamsFile {
  /// Names stand in addresses and in the names of tools.
  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._ @/-]{0,63}";

  private static final int MOST_SERVERS = 1_000;
  private static final int MOST_BYTES = 1 << 20;
  private static final JsonLimits LIMITS =
      new JsonLimits(MOST_BYTES, 32, MOST_BYTES, 1_024, 100, 100_000);

  private final Path file;
  private final String userName;
  private final Expansion expansion;
  private Map<String, ServerEntry> servers = Map.of();
  private @Nullable Stamp seen;

  /// What tells one state of a file from another without reading it.
  private record Stamp(long mtimeNanos, long size, String inode) {}

  /// What has changed. An entry that reads the same is unchanged, wherever it stands.
  ///
  /// @param servers all of them, by name
  public record Change(
      Map<String, ServerEntry> servers,
      Set<String> added,
      Set<String> changed,
      Set<String> removed) {}

  /// The file cannot be used; what was read before still holds. The message says why.
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    /// @param message which file, and what is wrong with it
    public Refused(String message) {
      super(message);
    }
  }

  /// @param file where it lies
  /// @param userName who we are
  /// @param variables our own environment, for `${NAME}`
  public UpstreamsFile(Path file, String userName, Map<String, String> variables) {
    this.file = file;
    this.userName = userName;
    this.expansion = new Expansion(Map.copyOf(variables));
  }

  /// The servers as they were read last.
  public Map<String, ServerEntry> servers() {
    return servers;
  }

  /// Looks whether the file has changed, and reads it if so.
  ///
  /// @return what has changed; empty when nothing has
  /// @throws Refused when it cannot be used; told once for each state of the file
  public Optional<Change> runOnce() throws Refused {
    PosixFileAttributes attributes;
    byte[] text;
    try {
      attributes = Files.readAttributes(file, PosixFileAttributes.class);
      var stamp =
          new Stamp(
              attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
              attributes.size(),
              String.valueOf(attributes.fileKey()));
      if (stamp.equals(seen)) {
        return Optional.empty();
      }
      seen = stamp;
      checkOwner(attributes);
      try (InputStream in = Files.newInputStream(file)) {
        text = in.readNBytes(MOST_BYTES + 1);
      }
    } catch (NoSuchFileException e) {
      if (seen == null && servers.isEmpty()) {
        seen = new Stamp(0, 0, "");
        throw new Refused("there is no file " + file);
      }
      return Optional.empty(); // editors replace files; whoever means it writes an empty one
    } catch (IOException e) {
      throw new Refused(file + " cannot be read: " + e.getMessage());
    }
    return changeTo(parse(text));
  }

  private void checkOwner(PosixFileAttributes attributes) throws Refused {
    String owner = attributes.owner().getName();
    if (!owner.equals(userName) && !owner.equals("root")) {
      throw new Refused(
          file + " belongs to " + owner + "; it names commands, so it must belong to " + userName);
    }
    Set<PosixFilePermission> permissions = attributes.permissions();
    if (permissions.contains(PosixFilePermission.GROUP_WRITE)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new Refused(
          file + " can be written by others; it names commands, so run: chmod go-w " + file);
    }
  }

  private Map<String, ServerEntry> parse(byte[] text) throws Refused {
    try {
      JsonObject whole = Json.parseObject(text, LIMITS);
      if (!(whole.get("mcpServers") instanceof JsonObject(var entries))) {
        throw new FieldException("mcpServers", "must be an object with a member for each server");
      }
      if (entries.size() > MOST_SERVERS) {
        throw new FieldException("mcpServers", "must have at most " + MOST_SERVERS + " members");
      }
      var read = new LinkedHashMap<String, ServerEntry>();
      for (var entry : entries.entrySet()) {
        ServerEntry server = entry(entry.getKey(), entry.getValue());
        if (server != null) {
          read.put(entry.getKey(), server);
        }
      }
      return read;
    } catch (JsonSyntaxException | FieldException e) {
      throw new Refused(file + ": " + e.getMessage());
    }
  }

  private @Nullable ServerEntry entry(String name, JsonValue value) {
    if (!name.matches(NAME)) {
      throw new FieldException(
          "mcpServers", "has a name that does not match " + NAME + "; rename that server");
    }
    if (!(value instanceof JsonObject entry)) {
      throw new FieldException("mcpServers." + name, "must be an object");
    }
    return JsonBoolean.of(true).equals(entry.get("disabled"))
        ? null
        : ServerEntry.read(name, entry, expansion);
  }

  private Optional<Change> changeTo(Map<String, ServerEntry> next) {
    Map<String, ServerEntry> before = servers;
    var added = new LinkedHashSet<String>();
    var changed = new LinkedHashSet<String>();
    next.forEach((name, entry) -> {
      ServerEntry old = before.get(name);
      if (old == null) {
        added.add(name);
      } else if (!old.equals(entry)) {
        changed.add(name);
      }
    });
    var removed = new LinkedHashSet<>(before.keySet());
    removed.removeAll(next.keySet());
    servers = Map.copyOf(next);
    return added.isEmpty() && changed.isEmpty() && removed.isEmpty()
        ? Optional.empty()
        : Optional.of(new Change(servers, added, changed, removed));
  }
}
