package dev.planaria.app.gateway.access;

import dev.planaria.app.gateway.wire.BadRequest;
import dev.planaria.app.gateway.wire.Headers;
import dev.planaria.app.gateway.wire.Log;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The bearer tokens (RFC 6750) of a data directory: `operator.token` holds the operator's,
/// `client.tokens` a line `name sha256hex` for each client, so that no client's token can be read
/// there. Both are read again when they change. Thread-safe.
public final class Tokens {
  /// The principal that may administer.
  public static final String OPERATOR = "operator";

  /// The client whose token may read what is measured, and nothing else.
  public static final String METRICS = "metrics";

  /// Files are looked at so often at most; a token that was taken back works so much longer.
  private static final long LOOK_MILLIS = 1_000;

  /// More is not a list of tokens, but a mistake.
  private static final long FILE_BYTES = 1 << 20;

  private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([!-~]{1,512})");
  private static final Pattern CLIENT =
      Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,63}) +([0-9a-fA-F]{64})");

  private final Path operatorFile;
  private final Path clientFile;
  private final LongSupplier nowMillis;
  private final Log log;
  private volatile Known known = new Known(List.of(), null, null, Long.MIN_VALUE);

  @SuppressWarnings("ArrayRecordComponent") // read only
  private record Token(String principal, byte[] sha256) {}

  private record Known(
      List<Token> tokens,
      @Nullable FileTime operatorTime,
      @Nullable FileTime clientTime,
      long lookedAtMillis) {}

  /// @param directory the data directory
  public Tokens(Path directory, LongSupplier nowMillis, Log log) {
    this.operatorFile = directory.resolve("operator.token");
    this.clientFile = directory.resolve("client.tokens");
    this.nowMillis = nowMillis;
    this.log = log;
  }

  /// Whose token a request shows.
  ///
  /// Every known token is compared, each in constant time, so that the time taken tells nothing.
  ///
  /// @return nothing when it shows none, or one that nobody has
  /// @throws BadRequest when the header was sent more than once
  public Optional<String> principal(Headers headers) {
    String header = headers.single("Authorization");
    if (header == null) {
      return Optional.empty();
    }
    Matcher bearer = BEARER.matcher(header);
    if (!bearer.matches()) {
      return Optional.empty();
    }
    byte[] shown = sha256(bearer.group(1));
    String principal = null;
    for (Token token : current()) {
      if (MessageDigest.isEqual(token.sha256(), shown)) {
        principal = token.principal();
      }
    }
    return Optional.ofNullable(principal);
  }

  private List<Token> current() {
    Known seen = known;
    long now = nowMillis.getAsLong();
    if (seen.lookedAtMillis() > now - LOOK_MILLIS && seen.lookedAtMillis() <= now) {
      return seen.tokens();
    }
    FileTime operatorTime = modified(operatorFile);
    FileTime clientTime = modified(clientFile);
    boolean same =
        Objects.equals(operatorTime, seen.operatorTime())
            && Objects.equals(clientTime, seen.clientTime());
    List<Token> tokens = same ? seen.tokens() : read();
    known = new Known(tokens, operatorTime, clientTime, now);
    return tokens;
  }

  private static @Nullable FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return null; // no such file, so no tokens in it
    }
  }

  private List<Token> read() {
    var tokens = new ArrayList<Token>();
    for (String line : lines(operatorFile)) {
      tokens.add(new Token(OPERATOR, sha256(line)));
    }
    for (String line : lines(clientFile)) {
      Matcher client = CLIENT.matcher(line);
      if (client.matches() && !client.group(1).equals(OPERATOR)) {
        tokens.add(new Token(client.group(1), HexFormat.of().parseHex(client.group(2))));
      } else if (!line.startsWith("#")) {
        log.warn("a line of " + clientFile.getFileName() + " is no `name sha256hex`", null);
      }
    }
    return tokens;
  }

  private List<String> lines(Path file) {
    try {
      if (Files.size(file) > FILE_BYTES) {
        log.warn(file.getFileName() + " is longer than " + FILE_BYTES + " bytes; ignored", null);
        return List.of();
      }
      return Files.readString(file, StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      log.warn(file.getFileName() + " cannot be read", e);
      return List.of();
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
