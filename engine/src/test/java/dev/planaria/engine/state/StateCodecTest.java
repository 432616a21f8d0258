package dev.planaria.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.json.JsonNull;
import dev.planaria.engine.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// A whole session, written and read.
final class StateCodecTest {

  @Test
  void a_session_comes_back_equal_indexes_included() {
    var state = busySession().state();
    assertThat(StateCodec.decode(StateCodec.encode(state))).isEqualTo(state);
  }

  @Test
  void the_form_is_for_ever() {
    var session = new TestSession();
    session.spawn();
    session.create();
    session.store("k", JsonNull.NULL);
    assertThat(new String(StateCodec.encode(session.state()), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"session_id":"0199c3a0-0000-7000-8000-000000000001","name":"test","status":"active",\
            "configuration":{"topology":"mesh","max_agents":100,"strategy":"balanced"},\
            "last_memory_version":1,"memory_bytes":4,\
            "created_at_ms":1760000000000,"updated_at_ms":1760000000000,\
            "agents":[{"agent_id":"agent-2","type":"coder","name":"agent-2","status":"idle",\
            "last_heartbeat_ms":1760000000000,"created_at_ms":1760000000000,"updated_at_ms":1760000000000}],\
            "tasks":[{"task_id":"task-3","description":"do it","priority":"medium","status":"pending",\
            "progress":0,"attempts":0,"max_attempts":3,\
            "created_at_ms":1760000000000,"updated_at_ms":1760000000000}],\
            "memory":[{"namespace":"default","key":"k","value":null,"bytes":4,"version":1,\
            "updated_at_ms":1760000000000}]}\
            """);
  }

  @Test
  void a_large_session_goes_through_a_stream_and_reads_the_same() {
    var session = busySession();
    for (int i = 0; i < 20_000; i++) {
      session.create();
    }
    var state = session.state();
    var stream = new ByteArrayOutputStream();
    StateCodec.encode(state, stream);
    assertThat(stream.toByteArray()).isEqualTo(StateCodec.encode(state));
    var read = StateCodec.decode(new ByteArrayInputStream(stream.toByteArray()));
    assertThat(read).isEqualTo(state);
    assertThat(read.tasks().keySet()).containsExactlyElementsOf(state.tasks().keySet());
  }

  @Test
  void what_was_read_goes_on_like_what_was_never_written() {
    var session = busySession();
    var again = busySession();
    again.become(StateCodec.decode(StateCodec.encode(again.state())));
    for (var one : new TestSession[] {session, again}) {
      one.create();
      one.claim(one.spawn());
      one.tick(Limits.DEFAULT.leaseMillisDefault()).submit(new Command.Sweep());
      one.store("more", JsonNull.NULL);
    }
    assertThat(again.state()).isEqualTo(session.state());
  }

  @Test
  void bytes_that_are_no_session_are_undecodable() {
    byte[] whole = StateCodec.encode(busySession().state());
    for (int length = 0; length < whole.length; length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> StateCodec.decode(cut)).isInstanceOf(UndecodableException.class);
    }
    for (var text :
        new String[] {
          "null", "[]", "{}", "{\"agents\":{}}", "{\"session_id\":7}", "{\"status\":\"odd\"}"
        }) {
      assertThatThrownBy(() -> StateCodec.decode(text.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOf(UndecodableException.class);
    }
  }

  @Test
  void a_stream_that_fails_is_no_undecodable_state() {
    var broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the disk is gone");
          }

          @Override
          public int read(byte[] bytes, int offset, int length) throws IOException {
            return read();
          }
        };
    assertThatThrownBy(() -> StateCodec.decode(broken))
        .isInstanceOf(UncheckedIOException.class)
        .hasRootCauseMessage("the disk is gone");
    var full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left");
          }
        };
    assertThatThrownBy(() -> StateCodec.encode(busySession().state(), full))
        .isInstanceOf(UncheckedIOException.class);
  }

  private static TestSession busySession() {
    var session = new TestSession();
    var agent = session.spawn("coder", "java");
    var other = session.spawn();
    var first = session.create(Priority.HIGH);
    session.create(first);
    session.createFor(other, first);
    session.claim(agent, first);
    session.fail(first);
    session.claim(agent, first);
    session.submit(
        new Command.UpdateTask(first, session.token(first), 10, TestSession.object("é", "漢")));
    session.submit(
        new Command.StoreMemory(
            new MemoryKey("a", "b"), TestSession.object("x", "y"), 1_000L, null));
    session.submit(
        new Command.PutConnection(
            TestSession.connection(
                "files",
                Transport.STDIO,
                Era.LEGACY,
                ConnectionStatus.OFFLINE,
                JsonObject.EMPTY,
                2,
                5,
                6)));
    session.accept("op-1", "files", CallClass.EFFECT, true);
    session.move("op-1", CallStatus.SENT);
    session.move("op-1", CallStatus.COMPLETED);
    session.accept("op-2", "files");
    return session;
  }
}
