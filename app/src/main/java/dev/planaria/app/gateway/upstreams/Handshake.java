package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.ProtocolVersion;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.app.gateway.wire.RpcError;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonNumber;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.state.Era;
import java.util.Optional;

/// How a conversation begins, in either era (MCP 2025-11-25, lifecycle, "Initialization";
/// 2026-07-28, "Discovery").
final class Handshake {
  private static final String DISCOVER = "server/discover";
  private static final String INITIALIZE = "initialize";
  private static final ProtocolVersion NEWEST_LEGACY = ProtocolVersion.NEWEST_LEGACY;
  private static final ProtocolVersion MODERN = ProtocolVersion.V2026_07_28;

  private Handshake() {}

  /// What a server says when it is asked whether it is modern.
  sealed interface Discovery {
    /// It is, and speaks our revision.
    record Modern(ServerIntroduction server) implements Discovery {}

    /// It knows the modern era, but does not speak our revision of it.
    ///
    /// @param offered what it speaks
    record OtherVersion(String offered) implements Discovery {}

    /// It does not know what it was asked.
    record Legacy() implements Discovery {}
  }

  /// Introduces us to a legacy server.
  static void initialize(Session session, long timeoutMillis)
      throws ConnectFailed, InterruptedException {
    RawObject params =
        RawObject.EMPTY
            .with("protocolVersion", new JsonString(NEWEST_LEGACY.text()))
            .with("capabilities", session.client().capabilities())
            .with("clientInfo", session.client().clientInfo());
    switch (ask(session, UpstreamRequest.of(INITIALIZE, params, timeoutMillis))) {
      case RawAnswer.Refusal(RawObject error) -> throw refused(error);
      case RawAnswer.Result(RawObject result) -> {
        String version = String.valueOf(result.text("protocolVersion"));
        Optional<ProtocolVersion> known =
            ProtocolVersion.of(version).filter(ProtocolVersion::isLegacy);
        if (known.isEmpty()) {
          throw new ConnectFailed(new Trouble.VersionRefused(version));
        }
        session.introduced(new ServerIntroduction(Era.LEGACY, version, result));
      }
    }
    try {
      session.send("notifications/initialized", RawObject.EMPTY);
    } catch (UpstreamBroken e) {
      throw new ConnectFailed(e.trouble());
    }
  }

  /// Asks a server what it speaks. What follows goes out in the modern era, until somebody says
  /// otherwise.
  static Discovery discover(Session session, long timeoutMillis)
      throws ConnectFailed, InterruptedException {
    session.introduced(new ServerIntroduction(Era.MODERN, MODERN.text(), RawObject.EMPTY));
    var question = UpstreamRequest.of(DISCOVER, RawObject.EMPTY, timeoutMillis);
    return switch (ask(session, question)) {
      case RawAnswer.Result(RawObject result) -> discovered(session, result);
      case RawAnswer.Refusal(RawObject error) -> refusedDiscovery(error);
    };
  }

  /// The conversation is modern, or there is none.
  static void requireModern(Discovery discovery) throws ConnectFailed {
    switch (discovery) {
      case Discovery.Modern _ -> {}
      case Discovery.OtherVersion(String offered) ->
          throw new ConnectFailed(new Trouble.VersionRefused(offered));
      case Discovery.Legacy() -> throw new ConnectFailed(new Trouble.VersionRefused("legacy"));
    }
  }

  private static Discovery discovered(Session session, RawObject result) {
    if (!(result.value("supportedVersions") instanceof JsonArray versions)) {
      return new Discovery.Legacy();
    }
    if (!versions.items().contains(new JsonString(MODERN.text()))) {
      boolean legacyToo =
          versions.items().stream()
              .anyMatch(version -> version.equals(new JsonString(NEWEST_LEGACY.text())));
      return legacyToo ? new Discovery.Legacy() : new Discovery.OtherVersion(Json.write(versions));
    }
    var server = new ServerIntroduction(Era.MODERN, MODERN.text(), result);
    session.introduced(server);
    return new Discovery.Modern(server);
  }

  /// Only the three codes of the modern era are a sign of it; anything else is what legacy servers
  /// say to what they do not know.
  private static Discovery refusedDiscovery(RawObject error) {
    long code = code(error);
    boolean modern = code >= RpcError.UNSUPPORTED_VERSION && code <= RpcError.HEADER_MISMATCH;
    return modern
        ? new Discovery.OtherVersion(
            error
                .object("data")
                .flatMap(data -> Optional.ofNullable(data.value("supported")))
                .map(Json::write)
                .orElse("another revision"))
        : new Discovery.Legacy();
  }

  static RawAnswer ask(Session session, UpstreamRequest question)
      throws ConnectFailed, InterruptedException {
    try {
      return session.request(question);
    } catch (UpstreamBroken e) {
      throw new ConnectFailed(e.trouble());
    } catch (UpstreamTimeout _) {
      throw new ConnectFailed(new Trouble.NoAnswer(question.method(), question.timeoutMillis()));
    } catch (RequestFailed _) {
      throw new ConnectFailed(new Trouble.Closed());
    }
  }

  static ConnectFailed refused(RawObject error) {
    return new ConnectFailed(
        new Trouble.HandshakeRefused(code(error), String.valueOf(error.text("message"))));
  }

  static long code(RawObject error) {
    Long code = error.value("code") instanceof JsonNumber number ? number.toLong() : null;
    return code == null ? 0 : code;
  }
}
