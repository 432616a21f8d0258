package dev.planaria.app.gateway.clients;

import dev.planaria.app.gateway.calls.Calls;
import dev.planaria.app.gateway.connections.Connections;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.tools.ToolCatalogue;
import dev.planaria.app.traces.Traces;
import dev.planaria.engine.session.SessionEngine;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Both eras, wired to one engine and one set of tools.
///
/// @param legacy for clients with a handshake
/// @param modern for clients without
public record Clients(LegacyEndpoint legacy, ModernEndpoint modern) {
  /// What the endpoints stand on.
  ///
  /// @param engine holds the sessions, and the links
  /// @param tools what can be called
  /// @param calls what is remembered of calls
  /// @param connections to the servers behind us
  /// @param notices hears from the engine what clients are to be told
  /// @param traces take a span of each call
  /// @param log for operators
  public record Foundation(
      SessionEngine engine,
      ToolCatalogue tools,
      Calls calls,
      Connections connections,
      RecoveryNotices notices,
      Traces traces,
      Log log) {}

  /// What the endpoints take from the outside world.
  ///
  /// @param nowMillis Unix time
  /// @param newId UUIDs without dashes
  /// @param newSecret 256 random bits, base64url
  /// @param version of this program
  /// @param ended falls to zero when the process ends
  public record Surroundings(
      LongSupplier nowMillis,
      Supplier<String> newId,
      Supplier<String> newSecret,
      String version,
      CountDownLatch ended) {}

  /// Wires the endpoints and goes on with the calls that the last process left.
  public static Clients start(
      Foundation foundation,
      ClientSettings settings,
      WorkerGuarantees guarantees,
      Surroundings surroundings,
      List<Calls.Unfinished> unfinished) {
    var links =
        new Links(
            foundation.engine(),
            settings.links(),
            guarantees.keepLinks(),
            surroundings.nowMillis(),
            surroundings.newSecret(),
            foundation.log());
    RecoveryNotices notices = foundation.notices();
    var tools = new ToolCalls(foundation.tools(), notices, foundation.traces(), foundation.log());
    var servers = new ServerTools(foundation.connections(), surroundings.newId());
    var offer = new Offer(foundation.tools(), servers, surroundings.version());
    var streams = new ListenStreams(links, notices, settings, surroundings.ended());
    var relayed = new RelayedRequests(foundation.connections(), surroundings.newId());
    var identities = new LegacyCalls.Identities(surroundings.nowMillis(), surroundings.newId());
    var calls =
        new LegacyCalls(
            foundation.calls(),
            new Jobs(tools, relayed, servers),
            links,
            new LegacyCalls.Terms(settings, guarantees, identities),
            foundation.log());
    calls.goOn(unfinished);
    var methods = new LegacyMethods(offer, links, settings.links(), guarantees, relayed);
    return new Clients(
        new LegacyEndpoint(methods, calls, relayed, streams, links, settings),
        new ModernEndpoint(
            offer, tools, new RelayedModern(relayed, settings), servers, streams, guarantees));
  }
}
