package dev.planaria.chaos.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.chaos.fault.NotPossibleHere;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a fault needs of the operating system.
class ProgramTest {

  @TempDir Path directory;

  @Test
  void a_program_that_is_missing_is_named_with_the_package_that_has_it() {
    assertThatThrownBy(() -> Program.PRLIMIT.require(directory.toString()))
        .isInstanceOf(NotPossibleHere.class)
        .hasMessage(
            "not possible here: the program prlimit is missing; install the package util-linux"
                + " (apt-get install util-linux)");
  }

  @Test
  void a_program_is_looked_for_in_all_of_the_path() throws Exception {
    Path program = Files.createFile(directory.resolve("strace"));
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Program.STRACE.require("nowhere" + File.pathSeparator + directory);
  }
}
