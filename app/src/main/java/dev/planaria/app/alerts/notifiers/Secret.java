package dev.planaria.app.alerts.notifiers;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What a webhook and its receiver share. Its text appears nowhere. Immutable.
final class Secret {
  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] bytes;

  Secret(String text) {
    this.bytes = text.getBytes(StandardCharsets.UTF_8);
  }

  /// HMAC-SHA256 (RFC 2104) of the time, a full stop and the body, in hex: who has an old message
  /// cannot send it again as a new one.
  String sign(long unixSeconds, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(bytes, ALGORITHM));
      mac.update((unixSeconds + ".").getBytes(StandardCharsets.US_ASCII));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java has HMAC-SHA256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(bytes, secret.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return "(a secret)";
  }
}
