package dev.planaria.app.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.upstreams.EraVerdict;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.state.Era;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is known of servers' eras outlives the worker, and may be lost.
class EraFileTest implements Log {
  @TempDir Path directory;

  private final List<String> warnings = new ArrayList<>();

  @Override
  public void info(String message) {}

  @Override
  public void warn(String message, @Nullable Throwable cause) {
    warnings.add(message);
  }

  private EraFile open() {
    return new EraFile(directory.resolve("eras.json"), this);
  }

  @Test
  void the_next_worker_knows_what_this_one_found_out() throws Exception {
    var legacy = new EraVerdict(Era.LEGACY, 7);
    open().save("a", legacy);
    open().save("b", new EraVerdict(Era.MODERN, 8));
    assertThat(open().find("a")).contains(legacy);
    assertThat(open().find("b")).contains(new EraVerdict(Era.MODERN, 8));
    open().forget("b");
    assertThat(open().find("b")).isEmpty();
    assertThat(open().find("a")).contains(legacy);
    assertThat(Files.getPosixFilePermissions(directory.resolve("eras.json")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(warnings).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"a\":", "{\"a\":{\"era\":\"old\",\"asked_at_millis\":1}}"})
  void a_file_that_cannot_be_read_costs_a_question_and_a_warning(String text) throws Exception {
    Files.writeString(directory.resolve("eras.json"), text);
    assertThat(open().find("a")).isEmpty();
    assertThat(warnings).hasSize(1);
    open().save("a", new EraVerdict(Era.LEGACY, 7));
    assertThat(open().find("a")).isPresent();
  }
}
