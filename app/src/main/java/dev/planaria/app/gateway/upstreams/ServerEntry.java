package dev.planaria.app.gateway.upstreams;

import dev.planaria.engine.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One server of the operator's file.
///
/// @param name what it is called there
/// @param launch how it is reached
/// @param policy what we may do with it
public record ServerEntry(String name, Launch launch, Policy policy) {
  /// How a server is reached.
  public sealed interface Launch {
    /// It is started here.
    record Command(StdioCommand command) implements Launch {}

    /// It is somewhere else.
    record Remote(RemoteServer server) implements Launch {}
  }

  /// Who shares one conversation.
  public enum Scope {
    /// Each session has its own.
    SESSION,
    /// All sessions have one.
    SHARED
  }

  /// What we may do with a server: the entry's object `planaria`.
  ///
  /// @param scope who shares a conversation
  /// @param profile how a lost memory is built up again; empty for not at all
  /// @param trustHints whether what the server says of its tools is believed
  /// @param readOnly tools without an effect, by the operator's word
  /// @param idempotent tools that may run twice, by the operator's word
  /// @param sensitive for each tool, JSON pointers to arguments that are never written down
  /// @param limits bounds by name, each at least 1; who knows the name applies it
  /// @param era the era that the server speaks; null to find out
  public record Policy(
      Scope scope,
      Optional<Profile> profile,
      boolean trustHints,
      List<String> readOnly,
      List<String> idempotent,
      Map<String, List<String>> sensitive,
      Map<String, Long> limits,
      @Nullable Era era) {
    /// What holds for an entry that says nothing.
    public static final Policy DEFAULT =
        new Policy(
            Scope.SESSION, Optional.empty(), false, List.of(), List.of(), Map.of(), Map.of(), null);
  }

  /// How a server's lost memory is built up again.
  public sealed interface Profile {
    /// One that is built in.
    record BuiltIn(String name) implements Profile {}

    /// One that the operator wrote.
    ///
    /// @param replay the tools that build up memory
    /// @param ids for each tool, JSON pointers to ids in its results
    /// @param maxInFlight how many calls may run at once; 0 for any number
    /// @param gapMillis the pause between two calls
    /// @param privateCopy whether the package is copied for each child
    /// @param beforeReplay files to delete before replay, relative to the copy
    /// @param reset tools that empty the memory
    record Written(
        List<String> replay,
        Map<String, List<String>> ids,
        int maxInFlight,
        long gapMillis,
        boolean privateCopy,
        List<String> beforeReplay,
        List<String> reset)
        implements Profile {}
  }

  /// Reads an entry.
  ///
  /// @throws dev.planaria.engine.json.FieldException when a field breaks its rule
  static ServerEntry read(String name, JsonObject entry, Expansion expansion) {
    return EntryReader.read(name, entry, expansion);
  }
}
