package dev.planaria.app.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Recovery as a model sees it, and may ask for it.
class RecoveryToolsTest {

  @TempDir private Path directory;
  private ToolBench bench;

  @BeforeEach
  void aSession() {
    bench = new ToolBench(directory);
    bench.good("memory_store", "{'key':'k','value':'v'}");
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void of_a_sound_session_nothing_is_to_be_done_after_a_look_at_both() {
    var answer = bench.good("recovery_trigger", "{'operation_id':'r1'}");
    assertThat(answer.at("done")).isEqualTo("false");
    assertThat(answer.text()).contains("nothing had to be done");
    assertThat(answer.at("recovery/strategy")).isEqualTo("IMMEDIATE_RESTART");
    assertThat(answer.at("recovery/failure")).isEqualTo("NONE");
    assertThat(answer.at("recovery/validation/overall_success")).isEqualTo("true");
    assertThat(answer.at("recovery/validation/integrity_score")).isEqualTo("1.0");
    var again = bench.good("recovery_trigger", "{'operation_id':'r1'}");
    assertThat(again.at("repeated")).isEqualTo("true");
    assertThat(again.at("recovery/recovery_id")).isEqualTo(answer.at("recovery/recovery_id"));
    assertThat(bench.good("recovery_history", "{}").at("recoveries/0/recovery_id"))
        .isEqualTo(answer.at("recovery/recovery_id"));
    assertThat(bench.good("recovery_status", "{}").at("last_recovery/priority")).isEqualTo("LOW");
  }

  @Test
  void a_strategy_that_does_not_fit_is_refused_in_words() {
    var unfit = bench.call("recovery_trigger", "{'strategy':'partial_recovery'}");
    assertThat(unfit.code()).isEqualTo("WRONG_STATE");
    assertThat(unfit.text()).contains("nothing is wrong");
    var operators = bench.call("recovery_trigger", "{'strategy':'fresh_state'}");
    assertThat(operators.code()).isEqualTo("INVALID_ARGUMENT");
    assertThat(operators.text()).contains("only an operator may decide", "--accept-loss");
    var unknown = bench.call("recovery_trigger", "{'strategy':'magic'}");
    assertThat(unknown.code()).isEqualTo("INVALID_ARGUMENT");
    assertThat(unknown.text()).contains("checkpoint_rollback");
    assertThat(bench.good("recovery_trigger", "{'strategy':'immediate_restart'}").at("done"))
        .isEqualTo("false");
  }

  @Test
  void one_operation_id_asks_for_one_recovery() {
    bench.good("recovery_trigger", "{'operation_id':'r1'}");
    assertThat(
            bench
                .call("recovery_trigger", "{'operation_id':'r1','strategy':'immediate_restart'}")
                .code())
        .isEqualTo("OPERATION_ID_REUSED");
  }

  @Test
  void health_tells_how_far_recovery_has_come() {
    assertThat(bench.good("session_health", "{}").text()).contains("recovery_of_all ok");
  }
}
