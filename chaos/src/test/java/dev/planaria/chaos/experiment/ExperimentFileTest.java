package dev.planaria.chaos.experiment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.chaos.fault.Fault;
import dev.planaria.chaos.fault.FaultSpec;
import dev.planaria.chaos.fault.Target;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.JsonSyntaxException;
import org.junit.jupiter.api.Test;

/// Experiments that somebody wrote into a file.
class ExperimentFileTest {

  private static final String KILL = "{'fault':'kill','target':'worker','start_millis':900}";

  @Test
  void the_faults_are_done_in_the_order_of_their_starts() {
    ExperimentFile file =
        parse(
            "{'name':'mine','seed':-3,'deadline_millis':9000,'faults':["
                + KILL
                + ",{'fault':'pause','target':'front','length_millis':50}]}");
    assertThat(file.seed()).isEqualTo(-3);
    assertThat(file.experiment().name()).isEqualTo("mine");
    assertThat(file.experiment().deadlineMillis()).isEqualTo(9_000);
    assertThat(file.experiment().faults(1, 1))
        .containsExactly(
            new FaultSpec(new Fault.Pause(), Target.FRONT, 0, 50),
            new FaultSpec(new Fault.Kill(), Target.WORKER, 900, 0));
  }

  @Test
  void faults_of_the_operating_system_can_be_asked_for() {
    ExperimentFile file =
        parse(
            "{'name':'mine','faults':["
                + "{'fault':'disk_full','target':'disk','length_millis':9},"
                + "{'fault':'slow_sync','target':'disk','millis':5,'start_millis':1},"
                + "{'fault':'clock_step','target':'clock','millis':-5,'start_millis':2},"
                + "{'fault':'memory_pressure','target':'memory','bytes':5,'start_millis':3}]}");
    assertThat(file.experiment().faults(1, 1))
        .containsExactly(
            new FaultSpec(new Fault.DiskFull(), Target.DISK, 0, 9),
            new FaultSpec(new Fault.SlowSync(5), Target.DISK, 1, 0),
            new FaultSpec(new Fault.ClockStep(-5), Target.CLOCK, 2, 0),
            new FaultSpec(new Fault.MemoryPressure(5), Target.MEMORY, 3, 0));
  }

  @Test
  void seed_and_deadline_may_be_left_open() {
    ExperimentFile file = parse("{'name':'mine','faults':[" + KILL + "]}");
    assertThat(file.seed()).isNull();
    assertThat(file.experiment().deadlineMillis()).isEqualTo(30_000);
  }

  @Test
  void the_way_to_a_server_can_be_named_beside_the_processes_of_the_daemon() {
    String cut = "{'fault':'drop','target':'upstream_link','length_millis':300}";
    ExperimentFile file = parse("{'name':'mine','faults':[" + KILL + "," + cut + "]}");
    assertThat(file.experiment()).isInstanceOf(ServerLinks.class);
    assertThat(file.experiment().faults(1, 1))
        .containsExactly(
            new FaultSpec(new Fault.Drop(), Target.UPSTREAM_LINK, 0, 300),
            new FaultSpec(new Fault.Kill(), Target.WORKER, 900, 0));
    refuses(
        "{'name':'x','faults':["
            + cut
            + ",{'fault':'disk_full','target':'disk','length_millis':9}]}",
        "`faults[1]` must be of worker, front, daemon, client_link or upstream_link");
  }

  @Test
  void what_is_wrong_is_named() {
    refuses("{}", "`name` is required");
    refuses("{'name':'My Own','faults':[" + KILL + "]}", "`name` must be of a-z 0-9 -");
    refuses("{'name':'x'}", "`faults` is required");
    refuses("{'name':'x','faults':[]}", "`faults` must hold at least 1 object");
    refuses("{'name':'x','faults':[" + KILL + ",3]}", "`faults[1]` must be an object");
    refuses(
        "{'name':'x','faults':[{'fault':'melt','target':'worker'}]}",
        "`faults[0].fault` must be one of kill, pause");
    refuses(
        "{'name':'x','faults':[{'fault':'kill','target':'clock'}]}",
        "`faults[0]` must be a fault that a file can ask for");
    refuses(
        "{'name':'x','faults':[{'fault':'kill','target':'shim'}]}",
        "`faults[0]` must be a fault that a file can ask for");
    refuses("{'name':'x','deadline_millis':0,'faults':[]}", "`deadline_millis` must be a whole");
    refuses("{'name':'x','sed':1,'faults':[" + KILL + "]}", "`sed` is not known here");
    assertThatThrownBy(() -> parse("name: x")).isInstanceOf(JsonSyntaxException.class);
  }

  private static void refuses(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(FieldException.class)
        .hasMessageStartingWith(message);
  }

  private static ExperimentFile parse(String text) {
    return ExperimentFile.parse(text.replace('\'', '"').getBytes(UTF_8));
  }
}
