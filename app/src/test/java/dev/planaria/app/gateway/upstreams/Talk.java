package dev.planaria.app.gateway.upstreams;

import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.RawObject;
import dev.planaria.engine.json.JsonLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What tests say to servers.
final class Talk {
  static final long TIMEOUT_MILLIS = 20_000;

  /// A client that cannot be asked anything.
  static final ClientIntroduction CLIENT = client("{}");

  /// A client that a legacy server can ask something.
  static final ClientIntroduction ASKABLE = client("{\"sampling\":{}}");

  private Talk() {}

  private static ClientIntroduction client(String capabilities) {
    return new ClientIntroduction(
        raw("{\"name\":\"planaria-test\",\"version\":\"1\"}"), raw(capabilities));
  }

  static RawObject raw(String json) {
    return RawObject.parse(json.getBytes(StandardCharsets.UTF_8), JsonLimits.DEFAULT);
  }

  static UpstreamRequest call(String tool, String arguments) {
    return call(tool, arguments, TIMEOUT_MILLIS);
  }

  static UpstreamRequest call(String tool, String arguments, long timeoutMillis) {
    return UpstreamRequest.of(
        "tools/call",
        raw("{\"name\":\"" + tool + "\",\"arguments\":" + arguments + "}"),
        timeoutMillis);
  }

  /// What a tool said, or the error.
  static String said(UpstreamSession session, UpstreamRequest request) throws Exception {
    String text =
        switch (session.request(request)) {
          case RawAnswer.Result(RawObject raw) -> new String(raw.bytes(), StandardCharsets.UTF_8);
          case RawAnswer.Refusal(RawObject raw) ->
              "refused " + new String(raw.bytes(), StandardCharsets.UTF_8);
        };
    return text.replaceAll(
        "(?s)^\\{\"content\":\\[\\{\"type\":\"text\",\"text\":\"(.*?)\"}].*}$", "$1");
  }

  static String say(UpstreamSession session, String tool, String arguments) throws Exception {
    return said(session, call(tool, arguments));
  }

  /// Keeps what was logged.
  static final class Lines implements Log {
    final List<String> lines = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void info(String message) {
      lines.add(message);
    }

    @Override
    public void warn(String message, @Nullable Throwable cause) {
      lines.add(message + (cause == null ? "" : ": " + cause));
    }
  }

  /// Verdicts in memory.
  static final class Verdicts implements EraVerdicts {
    final Map<String, EraVerdict> known = new ConcurrentHashMap<>();

    @Override
    public Optional<EraVerdict> find(String key) {
      return Optional.ofNullable(known.get(key));
    }

    @Override
    public void save(String key, EraVerdict verdict) {
      known.put(key, verdict);
    }

    @Override
    public void forget(String key) {
      known.remove(key);
    }
  }
}
