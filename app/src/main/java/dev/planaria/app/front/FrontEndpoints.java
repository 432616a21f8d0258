package dev.planaria.app.front;

import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// What the front answers by itself: the two probes, and what the operator asks of the daemon.
/// Thread-safe.
final class FrontEndpoints {

  /// Who we are, and who may ask.
  ///
  /// @param operatorToken the secret that an operator's request carries
  /// @param hosts the names by which we may be addressed, with our port and without
  /// @param frontPid our own process id
  /// @param startedAtMillis when we started, Unix time
  record Identity(String operatorToken, List<String> hosts, long frontPid, long startedAtMillis) {}

  private final Identity identity;
  private final Supervisor supervisor;
  private final Runnable stop;
  private final long replaceMillis;

  /// @param stop begins to stop the daemon, and returns at once
  FrontEndpoints(
      Identity identity, Supervisor supervisor, Runnable stop, SupervisionSettings settings) {
    this.identity = identity;
    this.supervisor = supervisor;
    this.stop = stop;
    this.replaceMillis = settings.drainMillis() + settings.readyMillis();
  }

  /// The answer, or null when the request is the worker's business.
  @Nullable Answer answer(Request request) throws Refusal, InterruptedException {
    return switch (request.path()) {
      case "/livez" -> Answer.of(200, JsonObject.builder().put("live", true).build());
      case "/readyz" -> readiness();
      case "/api/v1/daemon" -> {
        admit(request, "GET");
        yield Answer.of(200, describe());
      }
      case "/api/v1/daemon/replace" -> {
        admit(request, "POST");
        yield replace(request);
      }
      case "/api/v1/daemon/stop" -> {
        admit(request, "POST");
        stop.run();
        yield Answer.of(202, JsonObject.builder().put("stopping", true).build());
      }
      default -> null;
    };
  }

  private Answer readiness() {
    var ready = supervisor.isReady();
    var document = JsonObject.builder().put("ready", ready);
    if (!ready) {
      document.put("reason", supervisor.status().sentence());
    }
    return Answer.of(ready ? 200 : 503, document.build());
  }

  private void admit(Request request, String method) throws Refusal {
    var host = request.header("host");
    if (host == null || !identity.hosts().contains(host)) {
      throw Refusal.of(403, "the Host header does not name this daemon");
    }
    var origin = request.header("origin");
    if (origin != null && !isOwnOrigin(origin)) {
      throw Refusal.of(403, "the Origin header names a foreign site");
    }
    var given = request.header("authorization");
    var expected = "Bearer " + identity.operatorToken();
    if (given == null || !equalInConstantTime(given, expected)) {
      throw Refusal.of(401, "this needs the operator's token");
    }
    if (!request.method().equals(method)) {
      throw Refusal.of(405, request.path() + " takes " + method);
    }
  }

  private boolean isOwnOrigin(String origin) {
    return origin.startsWith("http://")
        && identity.hosts().contains(origin.substring("http://".length()));
  }

  private static boolean equalInConstantTime(String given, String expected) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }

  private JsonObject describe() {
    var status = supervisor.status();
    var crashes = new ArrayList<JsonValue>();
    status.crashes().forEach(crash -> crashes.add(WorkerProcess.document(crash)));
    var runtime = Runtime.getRuntime();
    return JsonObject.builder()
        .put("frontPid", identity.frontPid())
        .put("workerPid", status.workerPid())
        .put("generation", status.generation())
        .put("state", status.state())
        .put("reason", status.sentence())
        .put("workerState", status.workerState())
        .put("restarts", status.restarts())
        .put("crashes", new JsonArray(crashes))
        .put("startedAtMillis", identity.startedAtMillis())
        .put("frontHeapUsedBytes", runtime.totalMemory() - runtime.freeMemory())
        .put("frontHeapMaxBytes", runtime.maxMemory())
        .build();
  }

  private Answer replace(Request request) throws Refusal, InterruptedException {
    var done = new CompletableFuture<MonitorEvent.Replaced>();
    supervisor.post(new MonitorEvent.Replace(wantedCommand(request), done));
    try {
      var replaced = done.get(replaceMillis, TimeUnit.MILLISECONDS);
      if (!replaced.happened()) {
        throw Refusal.of(409, "the worker was not changed: " + replaced.sentence());
      }
      return Answer.of(200, describe());
    } catch (TimeoutException | ExecutionException e) {
      throw Refusal.of(503, "the change is still under way; ask /api/v1/daemon what became of it");
    }
  }

  /// Reads `{"java"?, "classPath"?, "flags"?}`; null when the body is empty.
  private @Nullable WorkerCommand wantedCommand(Request request) throws Refusal {
    if (request.body().length() == 0) {
      return null;
    }
    try {
      var wanted =
          FrontJson.parseObject(new String(request.body().toBytes(), StandardCharsets.UTF_8));
      var present = supervisor.command();
      return new WorkerCommand(
          FrontJson.string(wanted, "java", present.java()),
          flags(wanted, present),
          FrontJson.string(wanted, "classPath", present.classPath()),
          present.mainClass(),
          present.arguments());
    } catch (FrontJson.Malformed e) {
      throw Refusal.of(400, "the body is " + e.getMessage());
    }
  }

  private static List<String> flags(JsonObject wanted, WorkerCommand present) throws Refusal {
    var given = wanted.get("flags");
    if (given == null) {
      return present.flags();
    }
    var flags = new ArrayList<String>();
    if (given instanceof JsonArray(var items)) {
      for (var item : items) {
        if (item instanceof JsonString(var flag)) {
          flags.add(flag);
        }
      }
      if (flags.size() == items.size()) {
        return flags;
      }
    }
    throw Refusal.of(400, "flags must be an array of strings");
  }
}
