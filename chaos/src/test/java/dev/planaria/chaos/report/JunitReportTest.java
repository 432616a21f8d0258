package dev.planaria.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.chaos.fault.Target;
import dev.planaria.chaos.report.ChaosReport.NamedFault;
import dev.planaria.chaos.report.ChaosReport.Unfinished;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/// Reports for build servers.
class JunitReportTest {

  @Test
  void each_run_is_a_test_case_that_passes_fails_or_is_in_error() throws Exception {
    var report =
        new ChaosReport(
            Reports.header("smoke", new NamedFault("hang", Target.FRONT)),
            Reports.done(Reports.passed(1), Reports.failed(), Reports.provedNothing()),
            List.of(new Unfinished("corruption", 3, "the daemon did not start")));
    var xml = XmlText.parse(JunitReport.of(report));
    Element suite = XmlText.elements(xml, "testsuite").getFirst();
    assertThat(suite.getAttribute("name")).isEqualTo("planaria chaos smoke");
    assertThat(suite.getAttribute("tests")).isEqualTo("5");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getAttribute("errors")).isEqualTo("3");
    assertThat(suite.getAttribute("time")).isEqualTo("41.200");
    assertThat(XmlText.elements(xml, "testcase"))
        .extracting(test -> test.getAttribute("name"))
        .containsExactly(
            "process-kill seed 1",
            "random-kills seed 7",
            "connection-drop seed 8",
            "corruption seed 3",
            "promised faults");
    Element failure = XmlText.elements(xml, "failure").getFirst();
    assertThat(failure.getAttribute("type")).isEqualTo("lost");
    assertThat(failure.getAttribute("message"))
        .isEqualTo("operation op-17 was acknowledged and is gone");
    assertThat(XmlText.elements(xml, "error"))
        .extracting(error -> error.getAttribute("message"))
        .containsExactly(
            "a fault was never met, or nothing was acknowledged",
            "the daemon did not start",
            "met by no run: hang of front");
    assertThat(XmlText.elements(xml, "system-out").get(1).getTextContent())
        .contains("again: planaria chaos run random-kills --seed 7")
        .contains("kill of worker: met 3 times")
        .contains("stuck: operation op-18");
  }

  @Test
  void any_text_leaves_it_well_formed() throws Exception {
    for (String hostile : Reports.HOSTILE) {
      var xml = XmlText.parse(JunitReport.of(Reports.hostile(hostile)));
      assertThat(XmlText.elements(xml, "testcase")).hasSize(3);
      assertThat(XmlText.elements(xml, "script")).isEmpty();
    }
  }
}
