package dev.planaria.chaos.power;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who may not be traced, or cannot be, is refused with what to do about it.
class TracerTest {

  @TempDir Path directory;

  @Test
  void a_process_that_cannot_be_traced_is_refused_with_what_to_do() throws Exception {
    Process ended =
        new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-version")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    ProcessHandle handle = ended.toHandle();
    ended.waitFor();
    assertThatThrownBy(() -> Tracer.attach(List.of(handle), directory.resolve("trace")))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("power-loss needs strace")
        .hasMessageMatching("(?s).*(install it|kernel.yama.ptrace_scope).*simulation.*");
  }
}
