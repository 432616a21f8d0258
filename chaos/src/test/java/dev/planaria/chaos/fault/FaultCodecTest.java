package dev.planaria.chaos.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Faults as JSON.
class FaultCodecTest {

  private static final List<Fault> ALL =
      List.of(
          new Fault.Kill(),
          new Fault.Pause(),
          new Fault.Hang(),
          new Fault.Drop(),
          new Fault.Reset(),
          new Fault.HalfOpen(),
          new Fault.Delay(250),
          new Fault.RateLimit(4_096),
          new Fault.Garbage(16),
          new Fault.FlipByte(),
          new Fault.ZeroPage(),
          new Fault.Truncate(),
          new Fault.OlderCopy(),
          new Fault.DiskFull(),
          new Fault.SlowSync(40),
          new Fault.FailedSync(),
          new Fault.PowerLoss(),
          new Fault.ClockStep(-3_600_000),
          new Fault.MemoryPressure(1 << 20),
          new Fault.CrashLoop(),
          new Fault.SlowAnswers(900),
          new Fault.Flood(1_000),
          new Fault.Lie());

  @Test
  void every_fault_is_read_as_it_was_written() {
    assertThat(ALL)
        .hasSize(Fault.class.getPermittedSubclasses().length)
        .allSatisfy(fault -> {
          for (Target target : Target.values()) {
            var spec = new FaultSpec(fault, target, 1_500, 20);
            assertThat(FaultCodec.read(Fields.of(FaultCodec.toJson(spec)))).isEqualTo(spec);
          }
        });
  }

  @Test
  void the_names_are_those_of_the_faults_themselves() {
    assertThat(FaultCodec.kinds()).isEqualTo(ALL.stream().map(Fault::kind).toList());
  }

  @Test
  void the_times_may_be_left_out() {
    assertThat(read("{\"fault\":\"kill\",\"target\":\"worker\"}"))
        .isEqualTo(new FaultSpec(new Fault.Kill(), Target.WORKER, 0, 0));
  }

  @Test
  void what_is_wrong_is_named() {
    refuses("{}", "`fault` is required");
    refuses("{'fault':'melt','target':'worker'}", "`fault` must be one of kill, pause, hang");
    refuses("{'fault':7,'target':'worker'}", "`fault` must be one of kill");
    refuses("{'fault':'kill'}", "`target` is required");
    refuses("{'fault':'kill','target':'moon'}", "`target` must be one of worker, front");
    refuses("{'fault':'delay','target':'client_link'}", "`millis` is required");
    refuses(
        "{'fault':'delay','target':'client_link','millis':0}",
        "`millis` must be a whole number between 1 and 3600000");
    refuses(
        "{'fault':'kill','target':'worker','start_millis':-1}",
        "`start_millis` must be a whole number between 0 and 3600000");
    refuses("{'fault':'kill','target':'worker','bytes':3}", "`bytes` is not known here");
    refuses(
        "{'fault':'garbage','target':'client_link','bytes':1e99}",
        "`bytes` must be a whole number between 1 and 1073741824");
  }

  private static void refuses(String text, String message) {
    assertThatThrownBy(() -> read(text.replace('\'', '"')))
        .isInstanceOf(FieldException.class)
        .hasMessageStartingWith(message);
  }

  private static FaultSpec read(String text) {
    return FaultCodec.read(Fields.of(Json.parseObject(text, JsonLimits.DEFAULT)));
  }

  @Test
  void there_is_an_example_of_every_fault() {
    assertThat(FaultCodec.examples().stream().map(Fault::kind).toList())
        .isEqualTo(FaultCodec.kinds());
    assertThat(FaultCodec.kinds()).doesNotHaveDuplicates();
  }
}
