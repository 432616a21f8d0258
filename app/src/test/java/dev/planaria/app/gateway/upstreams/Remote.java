package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.upstreams.echo.EchoHttp;
import dev.planaria.app.gateway.upstreams.echo.EchoOptions;
import dev.planaria.chaos.link.FaultyLink;
import dev.planaria.engine.state.Era;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// An echo server over HTTP behind a link that may fail.
final class Remote implements AutoCloseable {
  static final HttpSettings SETTINGS =
      new HttpSettings(Stdio.MESSAGE, 5_000, 5_000, 3, 50, 2_000, 2_000, 3);

  final Heard heard = new Heard();
  final Talk.Lines log = new Talk.Lines();
  final Talk.Verdicts verdicts = new Talk.Verdicts();
  final AtomicLong nowMillis = new AtomicLong(1_000);
  final Map<String, String> headers = new HashMap<>(Map.of("X-Key", "of-the-operator"));
  final EchoHttp echo;
  final FaultyLink link;
  HttpSettings settings = SETTINGS;
  @Nullable Era pinned;
  private final HttpClient client = HttpUpstream.client(SETTINGS);
  private final List<UpstreamSession> sessions = new ArrayList<>();

  Remote(String... switches) throws Exception {
    echo = EchoHttp.start(EchoOptions.of(switches));
    link = new FaultyLink(echo.port());
  }

  HttpUpstream upstream(String path) {
    return upstream(path, false);
  }

  /// The same, known to speak HTTP with SSE.
  HttpUpstream oldUpstream(String path) {
    return upstream(path, true);
  }

  private HttpUpstream upstream(String path, boolean oldTransport) {
    var url = URI.create("http://127.0.0.1:" + link.port() + path);
    return new HttpUpstream(
        new RemoteServer(url, headers, oldTransport),
        new HttpUpstream.Environment(
            client, settings, new Eras(verdicts, nowMillis::get), pinned, log));
  }

  UpstreamSession connect() throws Exception {
    return connect(Talk.CLIENT);
  }

  UpstreamSession connect(ClientIntroduction who) throws Exception {
    UpstreamSession session = upstream("/mcp").connect(who, heard);
    sessions.add(session);
    return session;
  }

  @Override
  public void close() throws IOException {
    sessions.forEach(UpstreamSession::close);
    link.close();
    echo.close();
    client.shutdownNow();
  }
}
