package dev.planaria.chaos.power;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.chaos.fault.NotPossibleHere;
import dev.planaria.chaos.system.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A trace of nothing would say that nothing was lost.
class TracerTest {

  @TempDir Path directory;

  @Test
  void a_process_that_has_ended_is_not_traced() throws Exception {
    Process ended =
        new ProcessBuilder(ProcessHandle.current().info().command().orElseThrow(), "-version")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    ProcessHandle handle = ended.toHandle();
    ended.waitFor();
    requireStrace();
    assertThatThrownBy(() -> Tracer.attach(List.of(handle), directory.resolve("trace")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("one of the processes has ended");
  }

  private static void requireStrace() {
    try {
      Program.STRACE.require();
    } catch (NotPossibleHere missing) {
      Assumptions.abort("SKIPPED: " + missing.getMessage());
    }
  }
}
