package dev.planaria.app.gateway.calls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.app.gateway.wire.Address;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.app.gateway.wire.RpcId;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.json.JsonNumber;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is written down of calls, and what is left of it after whatever happens to the process.
class CallsTest {
  private static final Log SILENT =
      new Log() {
        @Override
        public void info(String message) {}

        @Override
        public void warn(String message, @Nullable Throwable cause) {}
      };

  @TempDir private Path directory;
  private final List<Calls.Unfinished> unfinished = new ArrayList<>();

  private Calls open(InflightLimits limits) throws IOException {
    unfinished.clear();
    return Calls.open(directory, limits, SILENT, unfinished);
  }

  private Calls open() throws IOException {
    return open(InflightLimits.DEFAULT);
  }

  private static CallRecord record(int id) {
    byte[] digest = new byte[Hash.BYTES];
    digest[0] = (byte) id;
    return new CallRecord(
        "stream" + id,
        "link",
        "operator",
        new Address(id % 2 == 0 ? null : "a session", id % 3 == 0 ? null : "a server"),
        new RpcId(JsonNumber.of(id)),
        Hash.of(digest),
        "op" + id,
        1_000L + id);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Call start(Calls calls, int id) {
    if (calls.admit(record(id), bytes("body " + id)) instanceof Admission.Started(Call call)) {
      return call;
    }
    throw new AssertionError("call " + id + " was not new");
  }

  @Test
  void an_answer_is_there_for_whoever_opens_the_file_next() throws Exception {
    try (Calls calls = open()) {
      calls.finish(start(calls, 1), bytes("answer 1"));
      start(calls, 2);
    }
    try (Calls calls = open()) {
      assertThat(calls.admit(record(1), bytes("body 1"))).isInstanceOf(Admission.Attached.class);
      assertThat(calls.answerOf(calls.find("stream1", "link").orElseThrow()))
          .isEqualTo(bytes("answer 1"));
      assertThat(unfinished).hasSize(1);
      assertThat(unfinished.getFirst().body()).isEqualTo(bytes("body 2"));
      assertThat(unfinished.getFirst().call().record()).isEqualTo(record(2));
      assertThat(calls.runningCount()).isEqualTo(1);
    }
  }

  @Test
  void a_torn_or_damaged_end_is_cut_off_and_what_is_before_it_kept() throws Exception {
    Path file = directory.resolve("inflight");
    long whole;
    try (Calls calls = open()) {
      start(calls, 1);
      whole = Files.size(file);
      calls.finish(start(calls, 2), bytes("answer 2"));
    }
    byte[] content = Files.readAllBytes(file);
    for (int length = (int) whole; length < content.length; length++) {
      Files.write(file, Arrays.copyOf(content, length));
      try (Calls calls = open()) {
        assertThat(calls.find("stream1", "link")).isPresent();
        start(calls, 3);
      }
      try (Calls calls = open()) {
        assertThat(calls.find("stream3", "link")).as("cut at %d", length).isPresent();
      }
    }
    for (int at = 0; at < content.length; at++) {
      byte[] flipped = content.clone();
      flipped[at] ^= 0x10;
      Files.write(file, flipped);
      try (Calls calls = open()) {
        for (Calls.Unfinished left : unfinished) {
          assertThat(left.call().record()).isIn(record(1), record(2));
          assertThat(new String(left.body(), StandardCharsets.UTF_8)).startsWith("body ");
        }
        assertThat(calls.runningCount()).isEqualTo(unfinished.size());
      }
    }
  }

  @Test
  void the_older_generation_goes_and_what_still_runs_never() throws Exception {
    var small = new InflightLimits(1 << 20, 10);
    try (Calls calls = open(small)) {
      Call slow = start(calls, 0);
      for (int id = 1; id <= 100; id++) {
        calls.finish(start(calls, id), bytes("answer " + id));
      }
      assertThat(calls.find("stream1", "link")).as("long gone").isEmpty();
      assertThat(calls.find("stream100", "link")).isPresent();
      assertThat(calls.find("stream0", "link")).as("still running").contains(slow);
      for (int id = 1; id <= 100; id++) {
        if (calls.find("stream" + id, "link").isPresent()) {
          assertThat(calls.answerOf(calls.find("stream" + id, "link").orElseThrow()))
              .isEqualTo(bytes("answer " + id));
        }
      }
    }
    try (Calls calls = open(small)) {
      assertThat(unfinished).hasSize(1);
      assertThat(unfinished.getFirst().body()).isEqualTo(bytes("body 0"));
      calls.finish(unfinished.getFirst().call(), bytes("at last"));
      assertThat(calls.answerOf(calls.find("stream0", "link").orElseThrow()))
          .isEqualTo(bytes("at last"));
    }
  }

  @Test
  void a_turnover_that_a_crash_interrupted_is_finished() throws Exception {
    try (Calls calls = open()) {
      start(calls, 1);
    }
    Path current = directory.resolve("inflight");
    // Both names of the turnover, as a kill between its two renames leaves them.
    Files.copy(current, directory.resolve("inflight.next"));
    Files.delete(directory.resolve("inflight.old"));
    Files.move(current, directory.resolve("inflight.old"));
    try (Calls calls = open()) {
      assertThat(unfinished).hasSize(1);
      calls.finish(unfinished.getFirst().call(), bytes("answer 1"));
    }
    try (Calls calls = open()) {
      assertThat(unfinished).isEmpty();
      assertThat(calls.answerOf(calls.find("stream1", "link").orElseThrow()))
          .isEqualTo(bytes("answer 1"));
    }
  }

  @Test
  void what_a_worker_that_ends_leaves_is_run_by_the_next() throws Exception {
    try (Calls calls = open()) {
      Call call = start(calls, 1);
      calls.leaveRest();
      calls.finish(call, bytes("an answer that nobody may see"));
    }
    try (Calls calls = open()) {
      assertThat(calls.runningCount()).isEqualTo(1);
      assertThat(unfinished).hasSize(1);
    }
  }

  @Test
  void only_the_owner_can_read_the_files() throws Exception {
    try (Calls calls = open()) {
      start(calls, 1);
    }
    for (String name : List.of("inflight", "inflight.old")) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))))
          .isEqualTo("rw-------");
    }
  }
}
