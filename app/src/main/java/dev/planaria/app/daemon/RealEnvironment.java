package dev.planaria.app.daemon;

import dev.planaria.engine.session.EngineEnvironment;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;

/// The real clock, ids and randomness, for those who are handed them.
public final class RealEnvironment {

  private static final int TOKEN_BYTES = 32;

  private RealEnvironment() {}

  /// What an engine takes from the outside world. Nothing is loaded before it is asked for.
  public static EngineEnvironment engine() {
    return new EngineEnvironment(
        System::currentTimeMillis,
        System::nanoTime,
        () -> UUID.fromString(Ids.STAMPS.get()),
        RealEnvironment::newToken);
  }

  private static String newToken() {
    var bytes = new byte[TOKEN_BYTES];
    Randomness.SECURE.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Made when the first token is asked for.
  private static final class Randomness {
    static final SecureRandom SECURE = new SecureRandom();
  }

  /// Made when the first id is asked for.
  private static final class Ids {
    static final Stamps STAMPS = new Stamps(System::currentTimeMillis);
  }
}
