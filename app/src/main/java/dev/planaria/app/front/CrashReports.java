package dev.planaria.app.front;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What virtual machines of workers write down when they die, a file of some 100 KB each. Only the
/// newest are kept: a worker that dies again and again would fill the disk.
final class CrashReports {

  /// Enough to see whether they died of the same.
  static final int KEPT = 5;

  private static final String NAMES = "worker-crash-*.log";

  private CrashReports() {}

  /// Removes all but the newest.
  ///
  /// @param logs where they are
  /// @throws IOException when they cannot be listed, or one cannot be removed
  static void keepNewest(Path logs) throws IOException {
    var reports = new ArrayList<Report>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(logs, NAMES)) {
      for (Path file : found) {
        reports.add(new Report(file, Files.getLastModifiedTime(file).toMillis()));
      }
    } catch (DirectoryIteratorException unreadable) {
      throw unreadable.getCause();
    }
    List<Report> newestFirst =
        reports.stream().sorted(Comparator.comparingLong(Report::millis).reversed()).toList();
    for (Report old : newestFirst.subList(Math.min(KEPT, newestFirst.size()), newestFirst.size())) {
      Files.deleteIfExists(old.file());
    }
  }

  private record Report(Path file, long millis) {}
}
