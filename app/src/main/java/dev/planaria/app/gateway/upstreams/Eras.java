package dev.planaria.app.gateway.upstreams;

import dev.planaria.engine.state.Era;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What is known of the eras of servers.
///
/// @param verdicts where it is kept
/// @param nowMillis milliseconds since 1970
public record Eras(EraVerdicts verdicts, LongSupplier nowMillis) {
  /// A legacy server is asked anew after a day: it may have been updated. Until then, and while it
  /// is asked, the old verdict is good.
  private static final long LEGACY_MILLIS = TimeUnit.DAYS.toMillis(1);

  /// Part of the key of what is known of a server for clients that it can ask something.
  static final String ASKING = "asking its client";

  Optional<Era> find(String key) {
    return verdicts.find(key).map(EraVerdict::era);
  }

  boolean isOld(String key) {
    return verdicts
        .find(key)
        .filter(verdict -> verdict.era() == Era.LEGACY)
        .filter(verdict -> nowMillis.getAsLong() - verdict.askedAtMillis() >= LEGACY_MILLIS)
        .isPresent();
  }

  void save(String key, Era era) {
    verdicts.save(key, new EraVerdict(era, nowMillis.getAsLong()));
  }

  void forget(String key) {
    verdicts.forget(key);
  }

  /// A name for a server that keeps what its command or address holds to itself.
  static String key(List<String> parts) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
