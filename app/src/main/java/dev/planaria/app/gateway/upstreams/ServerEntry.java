package dev.planaria.app.gateway.upstreams;

import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.state.Era;
import org.jspecify.annotations.Nullable;

/// One server, as the operator describes it.
///
/// @param name what it is called
/// @param launch how it is reached
/// @param scope who shares a conversation
/// @param era the era that the server speaks; null to find out
/// @param planaria the member of that name, for whoever decides about its calls
public record ServerEntry(
    String name, Launch launch, Scope scope, @Nullable Era era, JsonObject planaria) {
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

  /// An entry that somebody brings whole: nothing is put into its texts.
  ///
  /// @throws dev.planaria.engine.json.FieldException when a field breaks its rule
  public static ServerEntry of(String name, JsonObject entry) {
    return EntryReader.read(name, entry, Expansion.NONE);
  }

  /// Reads an entry.
  ///
  /// @throws dev.planaria.engine.json.FieldException when a field breaks its rule
  static ServerEntry read(String name, JsonObject entry, Expansion expansion) {
    return EntryReader.read(name, entry, expansion);
  }
}
