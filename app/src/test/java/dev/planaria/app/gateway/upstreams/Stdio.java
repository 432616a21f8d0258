package dev.planaria.app.gateway.upstreams;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.upstreams.echo.EchoServer;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.state.Era;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Starts echo servers as children, and sees to it that nothing of them is left.
final class Stdio {
  static final JsonLimits MESSAGE = new JsonLimits(1 << 20, 64, 1 << 20, 1_024, 1_000, 200_000);

  static final StdioSettings SETTINGS =
      new StdioSettings(MESSAGE, 20_000, 20_000, 1 << 20, 2_000, 500, 3_000, 2_000);

  final Heard heard = new Heard();
  final Talk.Lines log = new Talk.Lines();
  final Talk.Verdicts verdicts = new Talk.Verdicts();
  final AtomicLong nowMillis = new AtomicLong(1_000);
  final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  StdioSettings settings = SETTINGS;
  final Map<String, String> inherited = new HashMap<>(System.getenv());
  @Nullable Era pinned = Era.LEGACY;

  UpstreamSession connect(String... switches) throws Exception {
    return upstream(EchoServer.command(switches)).connect(Talk.CLIENT, heard);
  }

  StdioUpstream upstream(StdioCommand command) {
    ErrorSink sink =
        new ErrorSink() {
          @Override
          public void write(byte[] bytes, int length) {
            errors.write(bytes, 0, length);
          }

          @Override
          public void close() {
            // kept for the test
          }
        };
    var environment =
        new StdioUpstream.Environment(
            settings, inherited, new Eras(verdicts, nowMillis::get), pinned, () -> sink, log);
    return new StdioUpstream(command, environment);
  }

  /// The children of this process that were started for tests.
  static List<ProcessHandle> children() {
    return ProcessHandle.current().descendants().toList();
  }

  /// Nothing that was started is left, with a little time for what ends just now.
  void assertNothingIsLeft() throws Exception {
    for (ProcessHandle child : children()) {
      child.onExit().get(5, TimeUnit.SECONDS);
    }
    assertThat(children()).isEmpty();
  }
}
