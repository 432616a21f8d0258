package dev.planaria.app.shim;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonObject;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The shim's relation to the daemon: which one it is, whether it knows the target, and since when
/// nothing was heard of any. Finding and registering belong to one thread, the courier's; the rest
/// is thread-safe.
final class Attachment {

  /// No daemon can be used now; the message says why. Another try may succeed.
  static final class Unreachable extends Exception {
    private static final long serialVersionUID = 1;

    Unreachable(String sentence) {
      super(sentence, null, false, false);
    }
  }

  /// The daemon refuses the target; the message is its own.
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String sentence) {
      super(sentence, null, false, false);
    }
  }

  /// Where lines go.
  ///
  /// @param daemon the daemon
  /// @param path the path of the target there
  record Route(Daemons.Daemon daemon, String path) {}

  private static final int REPLY_BYTES = 64 << 10;

  private record Idle(HttpConnection connection, String front, long sinceNanos) {}

  /// The daemon keeps the server for so long after it was asked to; who is killed cannot say that
  /// it is gone.
  private static final long LEASE_MILLIS = 60_000;

  /// How often that is renewed.
  private static final long RENEW_MILLIS = 20_000;

  private final Target target;
  private final String holder;
  private final ShimSettings settings;
  private final Daemons daemons;
  private final LongSupplier nanoTime;
  private final Deque<Idle> idle = new ArrayDeque<>();
  private volatile @Nullable Route route;
  private volatile boolean doubted;
  private volatile boolean unregistered;
  private volatile long lostNanos;
  private volatile boolean lost;
  private volatile String trouble = "";
  private long lookedNanos;
  private volatile long registeredNanos;

  Attachment(Target target, ShimSettings settings, ShimEnvironment environment) {
    this.target = target;
    this.settings = settings;
    this.daemons = environment.daemons();
    this.nanoTime = environment.nanoTime();
    this.holder = environment.name();
    this.lookedNanos = nanoTime.getAsLong();
  }

  /// Where lines go now, as far as is known; null before there was any daemon, and while there is
  /// doubt.
  @Nullable Route present() {
    return doubted ? null : route;
  }

  /// Where lines went last, whatever has become of it.
  @Nullable Route last() {
    return route;
  }

  /// Something went wrong on the way; the daemon is looked at before it is used again.
  void doubt() {
    doubted = true;
  }

  /// The daemon does not know the target any more.
  void forgetRegistration() {
    unregistered = true;
    doubted = true;
  }

  /// The daemon has answered something.
  void contact() {
    lost = false;
  }

  /// No daemon can be reached.
  void lose(String why) {
    trouble = why;
    if (!lost) {
      lostNanos = nanoTime.getAsLong();
      lost = true;
    }
  }

  /// True when none could be reached for longer than given, counted from that moment on at most.
  boolean isLostSince(long startNanos, long millis) {
    long since = lostNanos - startNanos > 0 ? lostNanos : startNanos;
    return lost && nanoTime.getAsLong() - since > TimeUnit.MILLISECONDS.toNanos(millis);
  }

  /// Why none could be reached, in a sentence.
  String trouble() {
    return trouble;
  }

  /// Looks whether there is another daemon or another worker, when it is time to.
  void look() throws IOException {
    long now = nanoTime.getAsLong();
    if (now - lookedNanos < TimeUnit.MILLISECONDS.toNanos(settings.patience().pollMillis())) {
      return;
    }
    lookedNanos = now;
    var found = daemons.find();
    var known = route;
    if (found.isPresent() && known != null && !found.get().equals(known.daemon())) {
      doubted = true;
    }
  }

  /// Where lines go. Finds the daemon, starts one when there is none, and registers the target with
  /// one that does not know it.
  Route require() throws Unreachable, Refused {
    try {
      look();
      var known = route;
      if (known != null && !doubted && !isRenewalDue()) {
        return known;
      }
      var found = daemons.find();
      if (found.isEmpty()) {
        daemons.ensureStarting();
        throw new Unreachable("no daemon is running; one is being started");
      }
      return attach(found.get(), known);
    } catch (IOException e) {
      throw new Unreachable(sentence(e));
    }
  }

  /// As [#require], but leaves starting to those who have something to send.
  void renew() throws Unreachable, Refused {
    try {
      look();
      var known = route;
      if (known != null && (doubted || isRenewalDue())) {
        var found = daemons.find();
        if (found.isPresent()) {
          attach(found.get(), known);
        }
      }
    } catch (IOException e) {
      throw new Unreachable(sentence(e));
    }
  }

  private Route attach(Daemons.Daemon daemon, @Nullable Route known) throws IOException, Refused {
    // Before the answer is awaited: a doubt that comes meanwhile must not be forgotten.
    doubted = false;
    try {
      boolean knows =
          known != null && known.daemon().equals(daemon) && !unregistered && !isRenewalDue();
      var path = known != null && knows ? known.path() : register(daemon);
      unregistered = false;
      var attached = new Route(daemon, path);
      route = attached;
      return attached;
    } catch (IOException | Refused e) {
      doubted = true;
      throw e;
    }
  }

  private boolean isRenewalDue() {
    return !target.registrationPath().isEmpty()
        && nanoTime.getAsLong() - registeredNanos > TimeUnit.MILLISECONDS.toNanos(RENEW_MILLIS);
  }

  private byte[] registration() {
    var body = JsonObject.builder();
    target.registration().members().forEach(body::put);
    return Json.writeBytes(body.put("holder", holder).put("lease_ms", LEASE_MILLIS).build());
  }

  /// Tells the daemon that the target is not needed any more by this client.
  void release() throws IOException {
    var known = route;
    if (known != null && !target.registrationPath().isEmpty()) {
      var body = JsonObject.builder().put("holder", holder).build();
      ask(
          known.daemon(),
          "POST",
          target.registrationPath() + "/release",
          Json.writeBytes(body),
          settings.patience().farewellMillis());
    }
  }

  private String register(Daemons.Daemon daemon) throws IOException, Refused {
    var at = target.registrationPath();
    if (at.isEmpty()) {
      return target.defaultPath();
    }
    registeredNanos = nanoTime.getAsLong();
    var reply = ask(daemon, "POST", at, registration(), settings.patience().registerMillis());
    var path = reply.text("path");
    if (reply.status() == 200 && path != null && path.startsWith("/")) {
      return path;
    }
    var said = reply.said();
    var sentence = said.isEmpty() ? "the daemon answered " + reply.status() + " to " + at : said;
    if (reply.status() >= 400 && reply.status() < 500 && reply.status() != 429) {
      throw new Refused(sentence);
    }
    throw new IOException(sentence);
  }

  /// What the daemon answers to something of the shim's own.
  record Reply(int status, @Nullable JsonText document) {

    @Nullable String text(String member) {
      return document == null ? null : document.string(document.member(document.root(), member));
    }

    /// The daemon's own words: `{"error": "..."}` or `{"error": {"message": "..."}}`.
    String said() {
      if (document == null) {
        return "";
      }
      var error = document.member(document.root(), "error");
      var words = document.string(error);
      var message = words != null ? words : document.string(document.member(error, "message"));
      return message == null ? "" : message;
    }
  }

  /// Asks on a connection of its own.
  Reply ask(Daemons.Daemon daemon, String method, String path, byte[] body, int millis)
      throws IOException {
    return ask(daemon, method, path, List.of(), body, millis);
  }

  /// As [#ask(Daemons.Daemon, String, String, byte\[\], int)], with more headers.
  Reply ask(
      Daemons.Daemon daemon, String method, String path, List<String> more, byte[] body, int millis)
      throws IOException {
    var headers = headers(daemon);
    headers.addAll(more);
    headers.add("Connection: close");
    int connectMillis = Math.min(millis, settings.patience().connectMillis());
    try (var connection = HttpConnection.open(daemon.host(), daemon.port(), connectMillis)) {
      connection.readWithin(millis);
      connection.send(method, path, headers, body);
      var response = connection.receive();
      var limits = settings.limits();
      try (var text = new BodyBuffer(limits, new Semaphore(1))) {
        for (int b = response.read(); b >= 0 && text.size() < REPLY_BYTES; b = response.read()) {
          text.add(b);
        }
        return new Reply(response.status(), JsonText.parse(text.copy()));
      } catch (JsonText.Malformed | BodyBuffer.TooLong _) {
        return new Reply(response.status(), null);
      }
    }
  }

  /// The headers that every request carries.
  static List<String> headers(Daemons.Daemon daemon) {
    var headers = new ArrayList<String>();
    headers.add("Host: " + daemon.host() + ":" + daemon.port());
    headers.add("Authorization: Bearer " + daemon.token());
    return headers;
  }

  /// A connection to that daemon, one that was used before when there is one.
  Exchange connect(Daemons.Daemon daemon, boolean reuse) throws IOException {
    HttpConnection connection = reuse ? takeIdle(daemon) : null;
    if (connection == null) {
      connection =
          HttpConnection.open(daemon.host(), daemon.port(), settings.patience().connectMillis());
    }
    return new Exchange(connection, daemon, nanoTime);
  }

  private @Nullable HttpConnection takeIdle(Daemons.Daemon daemon) {
    long oldest =
        nanoTime.getAsLong() - TimeUnit.MILLISECONDS.toNanos(settings.patience().idleMillis());
    synchronized (idle) {
      while (!idle.isEmpty()) {
        var found = idle.removeLast();
        if (found.front().equals(daemon.front()) && found.sinceNanos() - oldest > 0) {
          return found.connection();
        }
        found.connection().close();
      }
      return null;
    }
  }

  /// Keeps a connection for reuse, or closes it.
  void giveBack(Exchange exchange) {
    synchronized (idle) {
      if (idle.size() < settings.limits().idleConnections()) {
        idle.addLast(
            new Idle(exchange.connection(), exchange.daemon().front(), nanoTime.getAsLong()));
        return;
      }
    }
    exchange.close();
  }

  /// What an I/O exception has to say.
  static String sentence(IOException failure) {
    var message = failure.getMessage();
    return message == null || message.isBlank() ? failure.toString() : message;
  }
}
