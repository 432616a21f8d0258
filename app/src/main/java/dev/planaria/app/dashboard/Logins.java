package dev.planaria.app.dashboard;

import dev.planaria.app.dashboard.LoginFile.Content;
import dev.planaria.app.dashboard.LoginFile.Entry;
import dev.planaria.app.gateway.wire.BadRequest;
import dev.planaria.app.gateway.wire.Headers;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.RequestHead;
import dev.planaria.engine.session.StoreUnavailable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Who is logged in to the dashboard. Whoever holds the operator's token asks for a code; a browser
/// that shows it gets a cookie, once. Both outlive the worker in `dashboard.json`, as hashes.
/// Thread-safe.
public final class Logins {
  /// The header of a request that changes something.
  static final String CSRF_HEADER = "X-Csrf-Token";

  /// Stands for the stamp of a request that came without a front; no stamp is so short.
  private static final String NO_STAMP = "-";

  private static final int SECRET_CHARACTERS = 512;
  private static final int NAME_CHARACTERS = 8;

  /// A browser sends one; more of that name come from elsewhere on the machine.
  private static final int COOKIES = 8;

  private final LoginFile file;
  private final LongSupplier nowMillis;
  private final Supplier<String> newSecret;
  private final DashboardSettings settings;
  private final Log log;
  // Guarded by this; null until it is needed, since a worker's start must not wait for it.
  private @Nullable Content content;

  /// @param directory the data directory
  /// @param newSecret texts of at least 128 random bits
  public Logins(
      Path directory,
      LongSupplier nowMillis,
      Supplier<String> newSecret,
      DashboardSettings settings,
      Log log) {
    this.file = new LoginFile(directory.resolve("dashboard.json"), log);
    this.nowMillis = nowMillis;
    this.newSecret = newSecret;
    this.settings = settings;
    this.log = log;
  }

  /// What a login link carries.
  ///
  /// @param text the secret
  /// @param expiresAtMillis Unix time
  record Code(String text, long expiresAtMillis) {}

  /// A fresh code, on disk when this returns.
  ///
  /// @throws StoreUnavailable when it cannot be written down
  synchronized Code newCode() {
    Content present = present();
    String code = newSecret.get();
    long expiresAt = nowMillis.getAsLong() + settings.codeMillis();
    var codes = new ArrayList<>(present.codes());
    codes.add(new Entry(sha256(code), expiresAt, null));
    keep(new Content(present.name(), newest(codes, settings.codes()), present.logins()));
    return new Code(code, expiresAt);
  }

  /// What a browser is given.
  ///
  /// @param setCookie the value of `Set-Cookie`
  /// @param expiresAtMillis Unix time
  record Granted(String setCookie, long expiresAtMillis) {}

  /// Logs a browser in. A code opens once; to the same request, which the front sends again when a
  /// worker died over it, it opens again.
  ///
  /// @param stamp the front's name for the request, or null without a front
  /// @return empty when there is no such code, or it is too old, or was used
  /// @throws StoreUnavailable when it cannot be written down; then nobody is logged in
  synchronized Optional<Granted> redeem(String code, @Nullable String stamp) {
    Content present = present();
    String hash = sha256(code);
    Entry found = find(present.codes(), hash);
    boolean usable = found != null && (found.spentBy() == null || found.spentBy().equals(stamp));
    if (!usable) {
      return Optional.empty();
    }
    var codes = new ArrayList<>(present.codes());
    codes.replaceAll(entry ->
        entry.sha256().equals(hash)
            ? new Entry(hash, entry.expiresAtMillis(), Objects.requireNonNullElse(stamp, NO_STAMP))
            : entry);
    String secret = newSecret.get();
    long expiresAt = nowMillis.getAsLong() + settings.loginMillis();
    var logins = new ArrayList<>(present.logins());
    logins.add(new Entry(sha256(secret), expiresAt, null));
    keep(new Content(present.name(), codes, newest(logins, settings.logins())));
    return Optional.of(
        new Granted(cookie(present.name(), secret, settings.loginMillis() / 1000), expiresAt));
  }

  /// The login that a request's cookie shows.
  public synchronized Optional<Login> find(Headers headers) {
    String cookies = headers.single("Cookie");
    if (cookies == null) {
      return Optional.empty();
    }
    Content present = present();
    String start = cookieName(present.name()) + "=";
    return List.of(cookies.split(";", -1)).stream()
        .map(String::strip)
        .filter(cookie -> cookie.startsWith(start))
        .limit(COOKIES)
        .map(cookie -> cookie.substring(start.length()))
        .filter(secret -> !secret.isEmpty() && secret.length() <= SECRET_CHARACTERS)
        .flatMap(secret -> login(present, secret).stream())
        .findFirst();
  }

  private static Optional<Login> login(Content present, String secret) {
    Entry found = find(present.logins(), sha256(secret));
    return found == null
        ? Optional.empty()
        : Optional.of(new Login(found.sha256(), csrf(secret), found.expiresAtMillis()));
  }

  /// The login of a request that may come in by it: it comes from one of our own pages, and one
  /// that changes something proves that the page could read what we sent.
  ///
  /// @return empty when the request shows no login
  /// @throws BadRequest with status 403 when it comes from elsewhere
  public Optional<Login> admit(RequestHead head) {
    Optional<Login> found = find(head.headers());
    found.ifPresent(login -> {
      requireOwnPage(head.headers());
      if (!head.method().equals("GET") && !head.method().equals("HEAD")) {
        requireCsrf(login, head.headers());
      }
    });
    return found;
  }

  /// Browsers say where a request comes from (Fetch Metadata); another port of this machine is not
  /// us.
  static void requireOwnPage(Headers headers) {
    String site = headers.single("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      throw new BadRequest(403, "requests of other pages are not served");
    }
  }

  private static void requireCsrf(Login login, Headers headers) {
    String shown = headers.single(CSRF_HEADER);
    if (shown == null
        || !MessageDigest.isEqual(
            shown.getBytes(StandardCharsets.UTF_8),
            login.csrf().getBytes(StandardCharsets.UTF_8))) {
      throw new BadRequest(
          403, "the header " + CSRF_HEADER + " must carry the token of this login");
    }
  }

  /// True while a login has neither expired nor ended.
  synchronized boolean isValid(Login login) {
    return find(present().logins(), login.sha256()) != null;
  }

  /// Ends a login.
  ///
  /// @return what takes the cookie away
  /// @throws StoreUnavailable when it cannot be written down; it has ended in this process
  synchronized String end(Login login) {
    Content present = present();
    var logins = new ArrayList<>(present.logins());
    logins.removeIf(entry -> entry.sha256().equals(login.sha256()));
    keep(new Content(present.name(), present.codes(), logins));
    return cookie(present.name(), "", 0);
  }

  private static String cookieName(String name) {
    return "planaria-" + name;
  }

  /// Not `Secure`: the daemon speaks plain HTTP on the loopback interface.
  private static String cookie(String name, String secret, long seconds) {
    return cookieName(name)
        + "="
        + secret
        + "; Path=/; Max-Age="
        + seconds
        + "; HttpOnly; SameSite=Strict";
  }

  /// What has not expired.
  private Content present() {
    Content known = content;
    if (known == null) {
      known = file.read();
    }
    if (known.name().isEmpty()) {
      known =
          new Content(
              sha256(newSecret.get()).substring(0, NAME_CHARACTERS), known.codes(), known.logins());
    }
    long now = nowMillis.getAsLong();
    known =
        new Content(known.name(), unexpired(known.codes(), now), unexpired(known.logins(), now));
    content = known;
    return known;
  }

  private static List<Entry> unexpired(List<Entry> entries, long now) {
    return entries.stream().filter(entry -> entry.expiresAtMillis() > now).toList();
  }

  private static List<Entry> newest(List<Entry> entries, int most) {
    return entries.subList(Math.max(0, entries.size() - most), entries.size());
  }

  /// Every entry is compared, so that the time taken tells nothing.
  private static @Nullable Entry find(List<Entry> entries, String sha256) {
    byte[] wanted = sha256.getBytes(StandardCharsets.US_ASCII);
    Entry found = null;
    for (Entry entry : entries) {
      if (MessageDigest.isEqual(entry.sha256().getBytes(StandardCharsets.US_ASCII), wanted)) {
        found = entry;
      }
    }
    return found;
  }

  private void keep(Content changed) {
    content = changed;
    try {
      file.write(changed);
    } catch (IOException e) {
      log.warn("a login could not be written down", e);
      throw new StoreUnavailable("the login could not be written down: " + e.getMessage(), e);
    }
  }

  private static String csrf(String secret) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest("csrf " + secret));
  }

  private static String sha256(String text) {
    return HexFormat.of().formatHex(digest(text));
  }

  private static byte[] digest(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
