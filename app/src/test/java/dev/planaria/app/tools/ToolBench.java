package dev.planaria.app.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.Reply;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.session.EngineEnvironment;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The tools on a real engine, with a clock in the test's hand. Every result is held against the
/// tool's own output schema, and every text must say something.
final class ToolBench implements AutoCloseable {
  final AtomicLong nowMillis = new AtomicLong(1_800_000_000_000L);
  private final AtomicLong ids = new AtomicLong();
  private final SessionEngine engine;
  private final ToolCatalogue tools;

  ToolBench(Path directory) {
    engine =
        SessionEngine.open(
            directory,
            EngineSettings.DEFAULT,
            new EngineEnvironment(
                nowMillis::get,
                System::nanoTime,
                () ->
                    new UUID(
                        nowMillis.get() << 16 | 0x7000L,
                        0x8000_0000_0000_0000L | ids.incrementAndGet()),
                () -> "token-" + ids.incrementAndGet()),
            null);
    tools =
        new ToolCatalogue(engine, EngineSettings.DEFAULT.limits(), nowMillis::get, _ -> List.of());
  }

  ToolCatalogue tools() {
    return tools;
  }

  SessionEngine engine() {
    return engine;
  }

  /// Calls a tool with arguments in JSON, single quotes standing for double ones.
  Result call(String tool, String arguments) {
    return call(tool, arguments, "alice", null);
  }

  /// As the other, as somebody, with the session that a URL names.
  Result call(String tool, String arguments, String principal, @Nullable String urlSession) {
    JsonObject parsed = Json.parseObject(arguments.replace('\'', '"'), JsonLimits.DEFAULT);
    ToolResult result = tools.run(new ToolRequest(tool, parsed, urlSession, principal, null, null));
    Tool definition = tools.find(tool).orElseThrow();
    assertThat(SchemaCheck.violations(result.structured(), definition.signature().output()))
        .as("%s %s gave %s", tool, arguments, Json.write(result.structured()))
        .isEmpty();
    assertThat(result.text()).isNotBlank();
    return new Result(result);
  }

  /// Calls a tool that must not refuse.
  Result good(String tool, String arguments) {
    Result result = call(tool, arguments);
    assertThat(result.result().isError()).as(result.result().text()).isFalse();
    return result;
  }

  /// A result with short ways to look into it.
  record Result(ToolResult result) {
    /// What stands at a path, as text.
    String at(String path) {
      return Reply.at(result.structured(), path);
    }

    /// The error code, or `(none)`.
    String code() {
      return at("error/code");
    }

    String text() {
      return result.text();
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
