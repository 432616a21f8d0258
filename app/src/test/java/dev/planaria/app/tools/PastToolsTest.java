package dev.planaria.app.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Going back in a session's history, and branching off from it, seen by a caller.
class PastToolsTest {
  @TempDir private Path directory;
  private ToolBench bench;

  @BeforeEach
  void start() {
    bench = new ToolBench(directory);
    bench.good("session_open", "{'name':'default'}");
    store("one", "s1");
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  private ToolBench.Result store(String value, String operationId) {
    return bench.good(
        "memory_store", "{'key':'k','value':'" + value + "','operation_id':'" + operationId + "'}");
  }

  private String value(String session) {
    return bench.good("memory_retrieve", "{'key':'k','session_id':'" + session + "'}").at("value");
  }

  @Test
  void a_session_goes_back_and_says_what_that_did() {
    var two = store("two", "s2");
    var restored = bench.good("session_restore", "{'seq':2,'operation_id':'back'}");
    assertThat(restored.at("dropped")).isEqualTo("1");
    assertThat(restored.at("head/seq")).isEqualTo("4");
    assertThat(restored.at("head/seq")).isEqualTo(restored.at("receipt/seq"));
    assertThat(restored.at("session_id")).isEqualTo(restored.at("receipt/session_id"));
    assertThat(restored.text())
        .contains("after operation 2", "1 operations were taken back", "claims it again");
    assertThat(value("default")).isEqualTo("one");
    var status = bench.good("operation_status", "{'operation_id':'s2'}");
    assertThat(status.at("state")).isEqualTo("rolled_back");
    String receipt =
        "{'receipt':{'session_id':'%s','seq':%s,'hash':'%s'}}"
            .formatted(two.at("receipt/session_id"), two.at("receipt/seq"), two.at("receipt/hash"));
    var shown = bench.good("session_status", receipt);
    assertThat(shown.at("receipt_standing")).isEqualTo("held");
    assertThat(shown.at("receipt_rolled_back")).isEqualTo("true");
    assertThat(shown.text()).contains("was taken back since");
    assertThat(bench.call("memory_store", "{'key':'k','value':'two','operation_id':'s2'}").code())
        .isEqualTo("OPERATION_ROLLED_BACK");
  }

  @Test
  void the_same_call_again_gives_the_first_result_and_can_be_asked_for() {
    store("two", "s2");
    var first = bench.good("session_restore", "{'seq':2,'operation_id':'back'}");
    store("three", "s3");
    var again = bench.good("session_restore", "{'seq':2,'operation_id':'back'}");
    assertThat(again.result().structured()).isEqualTo(first.result().structured());
    assertThat(value("default")).isEqualTo("three");
    var status = bench.good("operation_status", "{'operation_id':'back'}");
    assertThat(status.at("state")).isEqualTo("applied");
    assertThat(status.at("result/dropped")).isEqualTo("1");
    assertThat(status.at("result/head/seq")).isEqualTo("4");
    assertThat(bench.call("session_restore", "{'seq':1,'operation_id':'back'}").code())
        .isEqualTo("OPERATION_ID_REUSED");
  }

  @Test
  void a_checkpoint_can_be_named_instead() {
    String checkpoint = bench.good("session_checkpoint", "{'label':'good'}").at("checkpoint_id");
    store("two", "s2");
    var restored = bench.good("session_restore", "{'checkpoint_id':'" + checkpoint + "'}");
    assertThat(restored.at("dropped")).isEqualTo("1");
    assertThat(value("default")).isEqualTo("one");
  }

  @Test
  void a_fork_is_another_session_that_goes_its_own_way() {
    store("two", "s2");
    var fork = bench.good("session_fork", "{'name':'try','seq':2,'operation_id':'f'}");
    assertThat(fork.at("name")).isEqualTo("try");
    assertThat(fork.at("created")).isEqualTo("true");
    assertThat(fork.at("receipt/seq")).isEqualTo("1");
    assertThat(fork.at("parent_session_id"))
        .isEqualTo(bench.good("session_status", "{}").at("session_id"));
    assertThat(value("try")).isEqualTo("one");
    assertThat(value("default")).isEqualTo("two");
    var again = bench.good("session_fork", "{'name':'try','seq':2,'operation_id':'f'}");
    assertThat(again.at("session_id")).isEqualTo(fork.at("session_id"));
    assertThat(bench.call("session_fork", "{'name':'try'}").code()).isEqualTo("NAME_TAKEN");
    assertThat(
            bench
                .good("operation_status", "{'operation_id':'f','session_id':'try'}")
                .at("result/session_id"))
        .isEqualTo(fork.at("session_id"));
    assertThat(bench.good("session_fork", "{}").at("name")).startsWith("fork-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "session_restore | {}                             | INVALID_ARGUMENT | seq",
        "session_restore | {'seq':0}                      | INVALID_ARGUMENT | seq",
        "session_restore | {'seq':1.5}                    | INVALID_ARGUMENT | seq",
        "session_restore | {'seq':'1'}                    | INVALID_ARGUMENT | seq",
        "session_restore | {'seq':1,'checkpoint_id':'c'}  | INVALID_ARGUMENT | checkpoint_id",
        "session_restore | {'seq':99}                     | NOT_FOUND        | 1 to 2",
        "session_restore | {'checkpoint_id':'none'}       | NOT_FOUND        | checkpoint_id",
        "session_restore | {'seq':1,'session_id':'no'}    | NOT_FOUND        | no session",
        "session_restore | {'seq':1,'more':1}             | INVALID_ARGUMENT | more",
        "session_fork    | {'name':'planaria.x'}          | INVALID_ARGUMENT | name",
        "session_fork    | {'name':''}                    | INVALID_ARGUMENT | name",
        "session_fork    | {'name':'a','seq':99}          | NOT_FOUND        | 1 to 2",
        "session_fork    | {'name':7}                     | INVALID_ARGUMENT | name",
        "session_fork    | {'name':'a','session_id':'no'} | NOT_FOUND        | no session"
      })
  void what_breaks_a_rule_is_told_by_name_and_changes_nothing(
      String tool, String arguments, String code, String words) {
    String before = bench.good("session_status", "{}").at("head/seq");
    var refused = bench.call(tool, arguments);
    assertThat(refused.code()).isEqualTo(code);
    assertThat(refused.text()).contains(words);
    assertThat(bench.good("session_status", "{}").at("head/seq")).isEqualTo(before);
    assertThat(bench.engine().sessions()).hasSize(1);
  }
}
