package dev.planaria.app.front;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reports of virtual machines that died do not fill the disk.
class CrashReportsTest {

  @TempDir Path logs;

  private List<String> left() throws Exception {
    try (var files = Files.list(logs)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void the_newest_are_kept_and_nothing_else_is_touched() throws Exception {
    CrashReports.keepNewest(logs);
    Files.createFile(logs.resolve("worker.log"));
    for (int i = 1; i <= CrashReports.KEPT + 3; i++) {
      Path report = Files.createFile(logs.resolve("worker-crash-" + i + ".log"));
      Files.setLastModifiedTime(report, FileTime.fromMillis(1_800_000_000_000L + i * 1_000L));
    }
    CrashReports.keepNewest(logs);
    List<String> newest =
        IntStream.rangeClosed(4, CrashReports.KEPT + 3)
            .mapToObj(i -> "worker-crash-" + i + ".log")
            .toList();
    assertThat(left()).containsAll(newest).contains("worker.log").hasSize(newest.size() + 1);
  }
}
