package dev.planaria.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A wall clock that only one process sees.
class FakeClockTest {

  @TempDir Path directory;

  @Test
  void a_clock_that_is_set_is_ahead_or_behind_by_so_many_seconds() throws Exception {
    var launch =
        new Launch(List.of("none", Launch.DATA, Launch.PORT), Map.of(), directory.resolve("data"));
    FakeClock clock = FakeClock.of(launch);
    clock.set(3_600_000);
    assertThat(clock.offset()).hasContent("+3600.000\n");
    clock.set(-600_500);
    assertThat(clock.offset()).hasContent("-600.500\n");
  }
}
