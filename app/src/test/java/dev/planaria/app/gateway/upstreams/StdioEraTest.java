package dev.planaria.app.gateway.upstreams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.planaria.app.gateway.upstreams.echo.EchoServer;
import dev.planaria.engine.state.Era;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Which era a child speaks is asked once, of another child.
class StdioEraTest {

  private final Stdio stdio = new Stdio();

  @BeforeEach
  void nobody_knows() {
    stdio.pinned = null;
  }

  @AfterEach
  void nothing_is_left() throws Exception {
    stdio.assertNothingIsLeft();
  }

  private Era onlyVerdict() {
    return stdio.verdicts.known.values().iterator().next().era();
  }

  @Test
  void a_server_that_speaks_both_is_taken_for_modern_and_asked_once() throws Exception {
    for (int i = 0; i < 2; i++) {
      try (var session = stdio.connect()) {
        assertThat(session.server().era()).isEqualTo(Era.MODERN);
        assertThat(Talk.say(session, "pid", "{}"))
            .contains(Long.toString(session.process().orElseThrow().pid()));
      }
      assertThat(stdio.verdicts.known).hasSize(1);
      assertThat(onlyVerdict()).isEqualTo(Era.MODERN);
    }
  }

  @Test
  void a_server_that_speaks_both_is_legacy_for_a_client_that_it_can_ask_something()
      throws Exception {
    var both = stdio.upstream(EchoServer.command());
    for (int i = 0; i < 2; i++) {
      try (var session = both.connect(Talk.ASKABLE, stdio.heard)) {
        assertThat(session.server().era()).isEqualTo(Era.LEGACY);
      }
      try (var session = both.connect(Talk.CLIENT, stdio.heard)) {
        assertThat(session.server().era()).isEqualTo(Era.MODERN);
      }
    }
    assertThat(stdio.verdicts.known).hasSize(2);
  }

  @Test
  void a_server_that_refuses_to_be_legacy_is_modern_for_every_client() throws Exception {
    var modern = stdio.upstream(EchoServer.command("--era", "modern"));
    for (int i = 0; i < 2; i++) {
      try (var session = modern.connect(Talk.ASKABLE, stdio.heard)) {
        assertThat(session.server().era()).isEqualTo(Era.MODERN);
      }
      assertThat(stdio.verdicts.known)
          .hasSize(2)
          .allSatisfy((_, verdict) -> assertThat(verdict.era()).isEqualTo(Era.MODERN));
    }
  }

  @Test
  void an_error_or_an_exit_at_the_question_means_legacy_and_the_real_child_never_hears_it()
      throws Exception {
    for (String[] switches :
        List.of(
            new String[] {"--era", "legacy"},
            new String[] {"--era", "legacy", "--exit-on-unknown"})) {
      stdio.verdicts.known.clear();
      try (var session = stdio.connect(switches)) {
        assertThat(session.server().era()).isEqualTo(Era.LEGACY);
        assertThat(onlyVerdict()).isEqualTo(Era.LEGACY);
      }
    }
  }

  @Test
  void silence_at_the_question_means_legacy() throws Exception {
    stdio.settings = new StdioSettings(Stdio.MESSAGE, 5_000, 300, 1 << 20, 300, 300, 300, 300);
    var answersInitializeAlone =
        new StdioCommand(
            List.of(
                "/bin/sh",
                "-c",
                "while read line; do case \"$line\" in *initialize*) echo"
                    + " '{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"protocolVersion\":\"2025-06-18\"}}';;"
                    + " esac; done"),
            Map.of(),
            null);
    try (var session = stdio.upstream(answersInitializeAlone).connect(Talk.CLIENT, stdio.heard)) {
      assertThat(session.server().protocolVersion()).isEqualTo("2025-06-18");
    }
  }

  @Test
  void an_old_legacy_verdict_is_used_at_once_and_renewed_beside() throws Exception {
    var upstream = stdio.upstream(EchoServer.command());
    try (var session = upstream.connect(Talk.CLIENT, stdio.heard)) {
      assertThat(session.server().era()).isEqualTo(Era.MODERN);
    }
    String key = stdio.verdicts.known.keySet().iterator().next();
    stdio.verdicts.known.put(key, new EraVerdict(Era.LEGACY, stdio.nowMillis.get()));
    stdio.nowMillis.addAndGet(TimeUnit.HOURS.toMillis(23));
    try (var session = upstream.connect(Talk.CLIENT, stdio.heard)) {
      assertThat(session.server().era()).isEqualTo(Era.LEGACY);
      assertThat(onlyVerdict()).isEqualTo(Era.LEGACY);
    }
    stdio.nowMillis.addAndGet(TimeUnit.HOURS.toMillis(2));
    try (var session = upstream.connect(Talk.CLIENT, stdio.heard)) {
      assertThat(session.server().era()).isEqualTo(Era.LEGACY);
      while (onlyVerdict() == Era.LEGACY) {
        Thread.onSpinWait();
      }
    }
    try (var session = upstream.connect(Talk.CLIENT, stdio.heard)) {
      assertThat(session.server().era()).isEqualTo(Era.MODERN);
    }
  }

  @Test
  void a_verdict_that_turns_out_wrong_is_replaced() throws Exception {
    var modern = stdio.upstream(EchoServer.command("--era", "modern"));
    modern.connect(Talk.CLIENT, stdio.heard).close();
    String key = stdio.verdicts.known.keySet().iterator().next();
    stdio.verdicts.known.put(key, new EraVerdict(Era.LEGACY, stdio.nowMillis.get()));
    try (var session = modern.connect(Talk.CLIENT, stdio.heard)) {
      assertThat(session.server().era()).isEqualTo(Era.MODERN);
    }
    assertThat(onlyVerdict()).isEqualTo(Era.MODERN);
  }

  @Test
  void a_command_that_is_simply_broken_leaves_no_verdict() {
    var broken = new StdioCommand(List.of("false"), Map.of(), null);
    var failure =
        catchThrowableOfType(
            ConnectFailed.class, () -> stdio.upstream(broken).connect(Talk.CLIENT, stdio.heard));
    assertThat(failure.trouble()).isEqualTo(new Trouble.Exited(1));
    failure =
        catchThrowableOfType(
            ConnectFailed.class, () -> stdio.upstream(broken).connect(Talk.ASKABLE, stdio.heard));
    assertThat(failure.trouble()).isEqualTo(new Trouble.Exited(1));
    assertThat(stdio.verdicts.known).isEmpty();
  }

  @Test
  void a_command_that_closes_its_input_before_it_ends_tells_its_status() {
    var broken =
        new StdioCommand(List.of("sh", "-c", "exec 0<&-; sleep 0.2; exit 3"), Map.of(), null);
    for (int round = 0; round < 5; round++) {
      var failure =
          catchThrowableOfType(
              ConnectFailed.class, () -> stdio.upstream(broken).connect(Talk.CLIENT, stdio.heard));
      assertThat(failure.trouble()).isEqualTo(new Trouble.Exited(3));
    }
  }
}
