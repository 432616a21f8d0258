package dev.planaria.chaos.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonSyntaxException;
import org.junit.jupiter.api.Test;

/// Reports as JSON, written and read back.
class ReportJsonTest {

  private static final ChaosReport REPORT =
      Reports.of(Reports.passed(1), Reports.failed(), Reports.provedNothing());

  @Test
  void a_report_is_read_as_it_was_written() {
    assertThat(ReportJson.parse(Json.writeBytes(ReportJson.toJson(REPORT)))).isEqualTo(REPORT);
    ChaosReport empty = Reports.of();
    assertThat(ReportJson.parse(Json.writeBytes(ReportJson.toJson(empty)))).isEqualTo(empty);
  }

  @Test
  void what_became_of_planted_damage_comes_back_and_must_add_up() {
    ChaosReport report = Reports.of(Reports.passed(1).with(new Detections(17, 12, 1, 2)));
    String text = Json.write(ReportJson.toJson(report));
    assertThat(ReportJson.parse(text.getBytes(UTF_8))).isEqualTo(report);
    assertThat(report.detections()).contains(new Detections(17, 12, 1, 2));
    assertThat(REPORT.detections()).isEmpty();
    assertThat(TextReport.of(report))
        .contains("planted 17: found 12, missed 1, without effect 4")
        .contains("could not concern: 2");
    String more = text.replace("\"missed\":1", "\"missed\":6");
    assertThatThrownBy(() -> ReportJson.parse(more.getBytes(UTF_8)))
        .isInstanceOf(FieldException.class)
        .hasMessageContaining("detections.missed");
  }

  @Test
  void any_text_comes_back_as_it_was() {
    for (String text : Reports.HOSTILE) {
      ChaosReport report = Reports.hostile(text);
      assertThat(ReportJson.parse(Json.writeBytes(ReportJson.toJson(report)))).isEqualTo(report);
    }
  }

  @Test
  void what_is_wrong_is_named_by_its_place() {
    refuses("\"format\":\"planaria-chaos-report/1\"", "\"format\":\"other\"", "`format` must be");
    refuses("\"title\":\"smoke\",", "", "`title` is required");
    refuses("\"processors\":2", "\"processors\":0", "`machine.processors` must be a whole number");
    refuses("\"acknowledged\":1000", "\"acknowledged\":-1", "`runs[0].counts.acknowledged` must");
    refuses("\"fault\":\"delay\"", "\"fault\":\"x\"", "`runs[0].faults[1].spec.fault` must be one");
    refuses("\"recovery_millis\":[810,", "\"recovery_millis\":[-8,", "`runs[0].recovery_millis[0]");
    refuses("\"kind\":\"lost\"", "\"kind\":\"l\"", "`runs[1].violations[0].kind` must be one of");
    refuses("\"lane\":\"state\"", "\"lane\":\"\"", "`runs[0].timeline[0].lane` must be one of");
    refuses("\"unfinished\":[]", "\"unfinished\":[7]", "`unfinished[0]` must be an object");
    refuses("\"title\":", "\"colour\":1,\"title\":", "`colour` is not known here");
  }

  @Test
  void a_verdict_that_does_not_follow_from_the_runs_is_refused() {
    refuses("\"verdict\":\"failed\",\"title\"", "\"verdict\":\"passed\",\"title\"", "`verdict`");
  }

  @Test
  void what_is_no_json_is_refused() {
    assertThatThrownBy(() -> ReportJson.parse("{\"format\":".getBytes(UTF_8)))
        .isInstanceOf(JsonSyntaxException.class);
    assertThatThrownBy(() -> ReportJson.parse("[".repeat(5_000).getBytes(UTF_8)))
        .isInstanceOf(JsonSyntaxException.class);
  }

  private static void refuses(String good, String bad, String message) {
    String text = Json.write(ReportJson.toJson(REPORT));
    assertThat(text).contains(good);
    int at = text.indexOf(good);
    String spoilt = text.substring(0, at) + bad + text.substring(at + good.length());
    assertThatThrownBy(() -> ReportJson.parse(spoilt.getBytes(UTF_8)))
        .isInstanceOf(FieldException.class)
        .hasMessageStartingWith(message);
  }
}
