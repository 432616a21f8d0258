package dev.planaria.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `planaria up` is read on two ways, which must agree.
class UpOptionsTest {

  @TempDir Path home;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--data d",
        "--port 0",
        "--port 65535 --host localhost",
        "--host 0.0.0.0 --allow-remote",
        "--store sqlite --replace --json",
        "--worker-heap 64"
      })
  void plain_arguments_mean_the_same_to_both_readers(String line) {
    List<String> arguments = words(line);
    var plain = UpOptions.readPlain(arguments);
    assertThat(plain).isPresent();
    assertThat(plain.get()).isEqualTo(parsed(arguments));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "-h",
        "--port=1",
        "--port",
        "--port many",
        "--port 1 --port 2",
        "--port --json",
        "--json --json",
        "--nonsense",
        "extra",
        "--data -x",
        "--worker-heap much"
      })
  void anything_else_is_left_to_the_parser(String line) {
    assertThat(UpOptions.readPlain(words(line))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--port 70000",
        "--port 65536",
        "--store postgres://x",
        "--config .mcp.json",
        "--worker-heap 1"
      })
  void what_this_version_does_not_do_is_refused_in_the_same_words_by_both(String line) {
    List<String> arguments = words(line);
    var plain = new Terminal(home).run(up(arguments));
    var parsed = new Terminal(home).run(up(writtenWithEqualsSign(arguments)));
    assertThat(plain.status()).isEqualTo(parsed.status()).isNotZero();
    assertThat(plain.err()).isEqualTo(parsed.err()).startsWith("planaria: --");
    assertThat(plain.err().lines()).hasSize(1);
    assertThat(plain.out()).isEmpty();
  }

  @Test
  void a_store_that_is_not_sqlite_is_refused_in_one_sentence() {
    assertThatThrownBy(() -> UpOptions.readPlain(words("--store postgres://x")))
        .isInstanceOf(CommandFailure.class)
        .hasMessage(
            "--store postgres://x: this version keeps its data in SQLite only; leave --store out");
  }

  private UpOptions parsed(List<String> arguments) {
    var command =
        new UpCommand(
            new CliEnvironment(
                System.out,
                System.err,
                java.util.Map.of(),
                home,
                new Installation(null, null),
                new Terminal(home).sources()));
    new picocli.CommandLine(command).parseArgs(arguments.toArray(String[]::new));
    return command.options();
  }

  private static List<String> writtenWithEqualsSign(List<String> arguments) {
    return List.of(arguments.get(0) + "=" + arguments.get(1));
  }

  private static String[] up(List<String> arguments) {
    var all = new ArrayList<String>();
    all.add("up");
    all.addAll(arguments);
    return all.toArray(String[]::new);
  }

  private static List<String> words(String line) {
    return line.isEmpty() ? List.of() : Arrays.asList(line.split(" ", -1));
  }
}
