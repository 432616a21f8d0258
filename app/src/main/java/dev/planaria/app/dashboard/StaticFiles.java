package dev.planaria.app.dashboard;

import dev.planaria.app.gateway.wire.Headers;
import dev.planaria.app.gateway.wire.HttpAnswer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/// The files of the pages, from the program's own jars; each is read when it is first asked for.
/// They hold nothing secret. Thread-safe.
final class StaticFiles {
  /// A name and a kind, and nothing that a path could be made of.
  private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}\\.(html|css|js|svg)");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

  /// The charts' library is served under names of ours.
  private static final Map<String, String> OTHERS =
      Map.of("uplot.js", UPLOT + "uPlot.esm.js", "uplot.css", UPLOT + "uPlot.min.css");

  /// Nothing is loaded from elsewhere, nothing runs that is not one of our files, nobody frames us.
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'"
          + " data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

  private final Map<String, Optional<File>> files = new ConcurrentHashMap<>();

  @SuppressWarnings("ArrayRecordComponent") // read once, then handed to sockets
  private record File(byte[] bytes, String type, String tag) {}

  /// The answer to a request for a file; empty when there is none of that name.
  Optional<HttpAnswer> answer(String name, Headers headers) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    // Names of the right form that are not there are not remembered: there is no end of them.
    Optional<File> found = files.getOrDefault(name, Optional.empty());
    if (found.isEmpty()) {
      found = read(name);
      if (found.isPresent()) {
        files.put(name, found);
      }
    }
    return found.map(file -> answer(file, headers));
  }

  private static HttpAnswer answer(File file, Headers headers) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("Content-Type", file.type());
    // Asked for anew each time, and answered in a few bytes unless the program is another one.
    fields.put("Cache-Control", "no-cache");
    fields.put("ETag", file.tag());
    boolean known = headers.list("If-None-Match").contains(file.tag());
    return guarded(
        known
            ? new HttpAnswer(304, fields, new byte[0])
            : new HttpAnswer(200, fields, file.bytes()));
  }

  /// The same answer, with what keeps a browser from misusing it.
  static HttpAnswer guarded(HttpAnswer answer) {
    return answer
        .with("Content-Security-Policy", POLICY)
        .with("X-Content-Type-Options", "nosniff")
        .with("Referrer-Policy", "no-referrer")
        .with("X-Frame-Options", "DENY")
        .with("Cross-Origin-Opener-Policy", "same-origin")
        .with("Cross-Origin-Resource-Policy", "same-origin");
  }

  private static Optional<File> read(String name) {
    String resource = OTHERS.getOrDefault(name, "/dashboard/" + name);
    try (InputStream in = StaticFiles.class.getResourceAsStream(resource)) {
      if (in == null) {
        return Optional.empty();
      }
      byte[] bytes = in.readAllBytes();
      String kind = name.substring(name.lastIndexOf('.') + 1);
      return Optional.of(new File(bytes, TYPES.getOrDefault(kind, ""), tag(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
