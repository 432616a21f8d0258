package dev.planaria.app.gateway.copies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.planaria.app.gateway.replay.Profile;
import dev.planaria.app.gateway.upstreams.Preparation;
import dev.planaria.app.gateway.upstreams.StdioCommand;
import dev.planaria.app.gateway.wire.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A copy is private, whole but for what is to be left out, and gone afterwards; and the package
/// from which it was made is never touched.
@DisabledOnOs(OS.WINDOWS)
class PrivateCopiesTest {
  private static final Profile.Fresh FRESH =
      new Profile.Fresh(true, List.of("data/things.json", "data/never-there"));
  private static final CopySettings SETTINGS = new CopySettings(1_000, 1 << 20, 16, 20_000);

  @TempDir Path scratch;

  private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
  private Path copies;
  private Path programs;
  private Hoarder hoarder;
  private List<String> before;

  @BeforeEach
  void install() throws IOException {
    Path real = scratch.toRealPath();
    copies = real.resolve("copies");
    programs = Files.createDirectory(real.resolve("programs"));
    hoarder = Hoarder.in(Files.createDirectory(real.resolve("installed")));
    before = hoarder.contents();
  }

  @AfterEach
  void the_original_is_untouched_and_nothing_is_left() throws IOException {
    assertThat(hoarder.contents()).isEqualTo(before);
    if (Files.exists(copies)) {
      assertThat(Hoarder.contents(copies)).containsExactly("/");
    }
  }

  private PrivateCopies copies(CopySettings settings) {
    return new PrivateCopies(
        copies,
        settings,
        new Log() {
          @Override
          public void info(String message) {}

          @Override
          public void warn(String message, @Nullable Throwable cause) {
            warnings.add(message);
          }
        });
  }

  private Preparation.Prepared prepare(Profile.Fresh fresh, String... argv) throws Exception {
    return prepare(copies(SETTINGS), fresh, argv);
  }

  private Preparation.Prepared prepare(PrivateCopies from, Profile.Fresh fresh, String... argv)
      throws Exception {
    Map<String, String> variables =
        Map.of(
            "PATH",
            programs + ":" + hoarder.place().resolve("node_modules/.bin") + ":/usr/bin:/bin");
    return from.of("session\nserver", fresh)
        .prepare(new StdioCommand(List.of(argv), variables, hoarder.place()), variables);
  }

  /// The script that runs, which is in a copy.
  private Path copied(Preparation.Prepared prepared, int at) {
    assertThat(prepared.unsure()).isNull();
    Path script = Path.of(prepared.command().argv().get(at));
    assertThat(script).startsWith(copies).exists().isExecutable();
    assertThat(warnings).isEmpty();
    return script;
  }

  private void program(String name, String text) throws IOException {
    Path file = Files.writeString(programs.resolve(name), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void a_copy_has_what_the_package_has_and_not_what_is_left_out() throws Exception {
    var prepared =
        prepare(FRESH, "node", "--no-warnings", "-r", "x", "node_modules/.bin/hoarder", "a");
    Path script = copied(prepared, 4);
    assertThat(prepared.command().argv())
        .containsExactly("node", "--no-warnings", "-r", "x", script.toString(), "a");
    assertThat(prepared.command().directory()).isEqualTo(hoarder.place());
    Path root = script.resolve("../..").normalize();
    assertThat(Hoarder.contents(root))
        .contains("data/notes.txt = kept", "data/")
        .noneMatch(line -> line.startsWith("data/things"))
        .hasSameSizeAs(
            Hoarder.contents(hoarder.root()).stream()
                .filter(line -> !line.startsWith("data/things"))
                .toList());
    assertThat(Files.readString(script)).isEqualTo(Files.readString(hoarder.script()));
    assertThat(root.resolveSibling("../node_modules/hoarder-shelf/m.js")).exists();
    for (Path at = root; at != null && !at.equals(scratch.toRealPath()); at = at.getParent()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(at)))
          .isEqualTo("rwx------");
    }
    Files.writeString(root.resolve("data/things.json"), "[]");
    Files.writeString(root.resolve("data/notes.txt"), "changed");
    prepared.after().run();
  }

  @Test
  void each_process_has_a_copy_of_its_own() throws Exception {
    PrivateCopies all = copies(SETTINGS);
    var one = prepare(all, FRESH, "node", hoarder.script().toString());
    var other = prepare(all, FRESH, "node", hoarder.script().toString());
    assertThat(copied(one, 1)).isNotEqualTo(copied(other, 1));
    one.after().run();
    assertThat(copied(other, 1)).exists();
    other.after().run();
  }

  @Test
  void a_program_on_the_path_and_one_at_a_path_are_found() throws Exception {
    for (String program : List.of("hoarder", "node_modules/.bin/hoarder")) {
      var prepared = prepare(FRESH, program, "mcp", "start");
      assertThat(prepared.command().argv())
          .containsExactly(copied(prepared, 0).toString(), "mcp", "start");
      prepared.after().run();
    }
  }

  @Test
  void a_checkout_with_modules_of_its_own_and_above_is_found() throws Exception {
    hoarder.write("apps/mine/package.json", "{\"name\":\"mine\"}");
    hoarder.write("apps/mine/dist/package.json", "{\"type\":\"module\"}");
    hoarder.write("apps/mine/dist/index.js", "");
    hoarder.write("apps/mine/.git/HEAD", "");
    hoarder.write("apps/mine/node_modules/own/index.js", "");
    hoarder.write("apps/node_modules/near/index.js", "");
    before = hoarder.contents();
    var prepared = prepare(FRESH, "node", "apps/mine/dist/index.js");
    Path root = Path.of(prepared.command().argv().get(1)).resolve("../..").normalize();
    assertThat(root.getFileName()).hasToString("mine");
    assertThat(root.resolve("node_modules/own/index.js")).exists();
    assertThat(root.resolve(".git")).doesNotExist();
    assertThat(root.resolve("../../node_modules/near/index.js").normalize()).exists();
    assertThat(root.resolve("../../../node_modules/hoarder-shelf/m.js").normalize()).exists();
    prepared.after().run();
  }

  /// As npm behaves: it says under which PATH it would run something.
  @Test
  void npm_is_asked_once_what_npx_would_run() throws Exception {
    Path asked = scratch.resolve("asked");
    program("npx", "#!/bin/sh\necho \"$@\" >> " + asked + "\necho noise >&2\necho \"$PATH\"\n");
    PrivateCopies all = copies(SETTINGS);
    String[] command = {"npx", "-y", "--registry", "r", "hoarder@1.0.0", "mcp", "start"};
    Map<String, String> variables =
        Map.of("PATH", programs + ":" + hoarder.place().resolve("node_modules/.bin") + ":/bin");
    var wanted = new StdioCommand(List.of(command), variables, null);
    for (int i = 0; i < 2; i++) {
      var prepared = all.of("session\nserver" + i, FRESH).prepare(wanted, variables);
      assertThat(prepared.command().argv())
          .containsExactly(copied(prepared, 0).toString(), "mcp", "start");
      assertThat(copied(prepared, 0).getFileName()).hasToString("hoarder.mjs");
      prepared.after().run();
    }
    assertThat(asked)
        .hasContent("-y --registry r --package=hoarder@1.0.0 -- node -p process.env.PATH");
    var named = prepare(all, FRESH, "npx", "--package=hoarder", "--", "hoarder", "-x");
    assertThat(named.command().argv()).containsExactly(copied(named, 0).toString(), "-x");
    named.after().run();
  }

  /// npm that is ended while it fetches leaves its cache broken.
  @Test
  void an_attempt_that_is_given_up_leaves_npm_to_finish_and_the_next_hears_its_answer()
      throws Exception {
    Path asked = Files.createDirectory(scratch.resolve("asked"));
    Path fetched = scratch.resolve("fetched");
    program(
        "npx",
        "#!/bin/sh\nmkdir %s/$$\nwhile [ ! -e %s ]; do sleep 0.05; done\necho \"$PATH\"\n"
            .formatted(asked, fetched));
    PrivateCopies all = copies(SETTINGS);
    var end = new CompletableFuture<Throwable>();
    Thread attempt =
        Thread.ofVirtual()
            .start(() -> end.complete(catchThrowable(() -> prepare(all, FRESH, "npx", "hoarder"))));
    while (asked.toFile().list().length == 0) {
      Thread.onSpinWait();
    }
    attempt.interrupt();
    assertThat(end.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
    Files.createFile(fetched);
    var prepared = prepare(all, FRESH, "npx", "hoarder");
    assertThat(copied(prepared, 0).getFileName()).hasToString("hoarder.mjs");
    assertThat(asked.toFile().list()).hasSize(1);
    prepared.after().run();
  }

  @Test
  void npm_that_fails_or_never_answers_costs_bounded_time_and_leaves_no_process() throws Exception {
    program("npx", "#!/bin/sh\necho no such package >&2\nexit 1\n");
    program("npm", "#!/bin/sh\nsleep 600\n");
    var failed = prepare(FRESH, "npx", "nothing-of-that-name");
    assertThat(failed.unsure()).contains("PACKAGE_NOT_FOUND", "no such package");
    var settings = new CopySettings(1_000, 1 << 20, 16, 200);
    var silent = prepare(copies(settings), FRESH, "npm", "exec", "hoarder");
    assertThat(silent.unsure()).contains("PACKAGE_NOT_FOUND", "copies.findMillis", "200");
    for (ProcessHandle child : ProcessHandle.current().descendants().toList()) {
      child.onExit().get(20, TimeUnit.SECONDS);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NOT_A_NODE_SCRIPT node -e 1",
        "NOT_A_NODE_SCRIPT node --inspect",
        "NOT_A_NODE_SCRIPT npx -c hoarder",
        "NOT_A_NODE_SCRIPT npx -y",
        "NOT_A_NODE_SCRIPT sh -c hoarder",
        "NOT_A_NODE_SCRIPT shim",
        "PACKAGE_NOT_FOUND no-such-program",
        "PACKAGE_NOT_FOUND ./no-such-program",
        "PACKAGE_NOT_FOUND node missing.mjs",
        "PACKAGE_NOT_FOUND npx github:some/where",
        "PACKAGE_NOT_FOUND npx ./packed.tgz"
      })
  void what_cannot_be_found_runs_as_it_is_and_says_why(String line) throws Exception {
    program("shim", "#!/bin/sh\nexec node x \"$@\"\n");
    List<String> words = List.of(line.split(" "));
    List<String> argv = words.subList(1, words.size());
    var prepared = prepare(FRESH, argv.toArray(String[]::new));
    assertThat(prepared.command().argv()).isEqualTo(argv);
    assertThat(prepared.unsure())
        .startsWith("no private copy of its package can be made: " + words.getFirst() + ": ")
        .contains("write the command as `node` with the path of");
    assertThat(warnings).hasSize(1);
    prepared.after().run();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../hoarder-shelf/m.js", "/etc/passwd", ".", "data/../../x", ""})
  void a_path_out_of_the_package_makes_no_copy(String path) throws Exception {
    var prepared =
        prepare(new Profile.Fresh(true, List.of(path)), "node", hoarder.script().toString());
    assertThat(prepared.unsure()).contains("COPY_FAILED", "not inside the package");
    prepared.after().run();
  }

  @Test
  void what_a_link_leads_to_outside_is_copied_and_never_touched() throws Exception {
    Path outside = Files.createDirectory(scratch.resolve("outside"));
    Files.writeString(outside.resolve("things.json"), Hoarder.OLD);
    Files.writeString(outside.resolve("more.txt"), "more");
    Path root = hoarder.root();
    Files.createSymbolicLink(root.resolve("linked"), outside);
    Files.createSymbolicLink(root.resolve("one.txt"), outside.resolve("more.txt"));
    Files.createSymbolicLink(root.resolve("dangling"), scratch.resolve("nowhere"));
    Files.createSymbolicLink(root.resolve("inside"), Path.of("data"));
    before = hoarder.contents();
    var fresh = new Profile.Fresh(true, List.of("linked/things.json", "inside/things.json"));
    var prepared = prepare(fresh, "node", hoarder.script().toString());
    Path copy = copied(prepared, 1).resolve("../..").normalize();
    assertThat(Hoarder.contents(copy))
        .contains("linked/", "linked/more.txt = more", "one.txt = more", "inside -> data")
        .noneMatch(line -> line.matches("\\w+/things.*|dangling.*"));
    for (String written : List.of("linked/more.txt", "linked/new", "one.txt", "inside/new")) {
      Files.writeString(copy.resolve(written), "written");
    }
    prepared.after().run();
    assertThat(Hoarder.contents(outside))
        .containsExactly("/", "more.txt = more", "things.json = " + Hoarder.OLD);
  }

  @Test
  void too_much_is_refused_by_the_name_of_its_setting() throws Exception {
    String script = hoarder.script().toString();
    var files = prepare(copies(new CopySettings(5, 1 << 20, 16, 1)), FRESH, "node", script);
    assertThat(files.unsure()).contains("PACKAGE_TOO_LARGE", "copies.files, which is 5");
    var bytes = prepare(copies(new CopySettings(100, 700, 16, 1)), FRESH, "node", script);
    assertThat(bytes.unsure()).contains("PACKAGE_TOO_LARGE", "copies.bytes, which is 700");
    Path circle = hoarder.root().resolve("circle");
    Files.createSymbolicLink(circle, hoarder.root());
    before = hoarder.contents();
    var deep = prepare(FRESH, "node", script);
    assertThat(deep.unsure()).contains("PACKAGE_TOO_LARGE", "copies.depth, which is 16");
  }

  @Test
  void a_pipe_in_a_package_stops_nothing() throws Exception {
    Process made = new ProcessBuilder("mkfifo", hoarder.root().resolve("pipe").toString()).start();
    assertThat(made.waitFor(20, TimeUnit.SECONDS)).isTrue();
    var prepared = prepare(FRESH, "node", hoarder.script().toString());
    assertThat(copied(prepared, 1).resolve("../../pipe").normalize()).doesNotExist();
    prepared.after().run();
    Files.delete(hoarder.root().resolve("pipe"));
  }

  @Test
  void what_a_killed_worker_left_is_removed_and_what_is_new_stays() throws Exception {
    var left = prepare(FRESH, "node", hoarder.script().toString());
    Path old = copied(left, 1);
    Files.writeString(old.resolveSibling("written"), "by the server");
    Path torn = Files.createDirectory(copies.resolve("0123456789abcdef-1"));
    Path question = Files.createFile(copies.resolve("npm123.out"));
    Path foreign = Files.createDirectory(copies.resolve("of-somebody-else"));
    Files.createSymbolicLink(torn.resolve("node_modules"), hoarder.place().resolve("node_modules"));
    PrivateCopies next = copies(SETTINGS);
    Runnable removal = next.leftOvers();
    var present = prepare(next, FRESH, "node", hoarder.script().toString());
    removal.run();
    assertThat(old).doesNotExist();
    assertThat(torn).doesNotExist();
    assertThat(question).doesNotExist();
    assertThat(foreign).exists();
    Files.delete(foreign);
    assertThat(copied(present, 1)).exists();
    present.after().run();
  }

  @Test
  void without_a_wish_nothing_is_done() throws Exception {
    var prepared = prepare(Profile.Fresh.ALWAYS, "node", hoarder.script().toString());
    assertThat(prepared.command().argv()).containsExactly("node", hoarder.script().toString());
    assertThat(prepared.unsure()).isNull();
    prepared.after().run();
    assertThat(copies).doesNotExist();
  }
}
