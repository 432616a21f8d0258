package dev.planaria.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.planaria.chaos.report.ChaosReport.Header;
import dev.planaria.engine.json.JsonSyntaxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where reports are kept until there are newer ones.
class ReportFolderTest {

  @TempDir private Path directory;

  private static ChaosReport report(String title, long startedAtMillis) {
    Header of = Reports.header(title);
    return new ChaosReport(
        new Header(
            title, null, startedAtMillis, of.tookMillis(), of.version(), of.machine(), List.of()),
        Reports.done(Reports.passed(7)),
        List.of());
  }

  private static String nameOf(Path file) {
    return String.valueOf(Objects.requireNonNull(file.getParent()).getFileName());
  }

  @Test
  void a_report_is_read_as_it_was_kept() throws IOException {
    var folder = new ReportFolder(directory.resolve("not/there/yet"));
    assertThat(folder.newest()).isEmpty();
    ChaosReport report = report("smoke", 1_800_000_000_123L);
    Path file = folder.keep(report);
    assertThat(nameOf(file)).isEqualTo("run-20270115T080000123Z-smoke");
    assertThat(ReportFolder.read(file)).isEqualTo(report);
    assertThat(folder.newest()).containsExactly(file);
    assertThat(folder.named(nameOf(file))).isEqualTo(file);
    assertThat(folder.named("../x")).isNull();
  }

  @Test
  void a_title_leads_to_no_other_place() throws IOException {
    var folder = new ReportFolder(directory.resolve("chaos"));
    for (String title : List.of("../../etc", "A Bad/Minute.json", "", "\u0000", "x".repeat(500))) {
      Path file = folder.keep(report(title, 1_800_000_000_000L));
      assertThat(file.getParent()).isNotNull();
      assertThat(Objects.requireNonNull(file.getParent()).getParent())
          .isEqualTo(directory.resolve("chaos"));
    }
  }

  @Test
  void of_too_many_the_oldest_go_and_what_others_have_put_there_stays() throws IOException {
    var folder = new ReportFolder(directory);
    Path theirs = Files.createDirectories(directory.resolve("mine"));
    Files.writeString(theirs.resolve("report.json"), "{}");
    Path first = folder.keep(report("first", 1_800_000_000_000L));
    Files.writeString(first.resolveSibling("notes.txt"), "somebody's");
    for (int i = 1; i <= ReportFolder.KEPT + 1; i++) {
      folder.keep(report("run", 1_800_000_000_000L + i));
    }
    try (Stream<Path> all = Files.list(directory)) {
      assertThat(all).hasSize(ReportFolder.KEPT + 2);
    }
    assertThat(first).doesNotExist();
    assertThat(first.resolveSibling("notes.txt")).exists();
    assertThat(theirs.resolve("report.json")).exists();
    assertThat(folder.newest()).hasSize(ReportFolder.KEPT);
  }

  @Test
  void what_is_no_report_is_refused() throws IOException {
    Path file = Files.writeString(directory.resolve("report.json"), "{");
    assertThatThrownBy(() -> ReportFolder.read(file)).isInstanceOf(JsonSyntaxException.class);
  }
}
