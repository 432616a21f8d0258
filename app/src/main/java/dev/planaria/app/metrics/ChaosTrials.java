package dev.planaria.app.metrics;

import dev.planaria.app.gateway.wire.Log;
import dev.planaria.chaos.report.ChaosReport;
import dev.planaria.chaos.report.Detections;
import dev.planaria.chaos.report.ReportFolder;
import dev.planaria.chaos.report.RunReport;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.metrics.DetectionTrial;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the reports of the chaos kit in the data directory say of how well damage is found. A run
/// is evidence about the build that it was run with: those of other versions are left out. A report
/// that cannot be read is told in the log, once, and left out. Thread-safe.
public final class ChaosTrials {

  private final ReportFolder folder;
  private final String version;
  private final Log log;
  // Guarded by this: what was read, since a report takes a moment to read and does not change.
  private Map<Path, Read> known = new HashMap<>();
  private boolean failing;

  /// A report as it was at a time.
  private record Read(FileTime changed, List<DetectionTrial> trials, boolean unreadable) {}

  /// What is known.
  ///
  /// @param trials in no order that matters
  /// @param unreadable how many reports cannot be read, and were left out
  public record Known(List<DetectionTrial> trials, int unreadable) {

    /// Nobody has tried anything.
    public static final Known NOTHING = new Known(List.of(), 0);

    /// Copies the list.
    public Known {
      trials = List.copyOf(trials);
    }
  }

  /// @param version of the build that is asked about
  public ChaosTrials(ReportFolder folder, String version, Log log) {
    this.folder = folder;
    this.version = version;
    this.log = log;
  }

  /// Looks at the newest reports; reads those that it has not read yet.
  public synchronized Known now() {
    List<Path> files;
    try {
      files = folder.newest();
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        log.warn("the reports of the chaos kit cannot be listed; figures lack them", e);
      }
      failing = true;
      return Known.NOTHING;
    }
    var present = new HashMap<Path, Read>();
    for (Path file : files) {
      FileTime changed = ReportFolder.changed(file);
      Read read = known.get(file);
      present.put(
          file, read != null && read.changed().equals(changed) ? read : read(file, changed));
    }
    known = present;
    return new Known(
        present.values().stream().flatMap(read -> read.trials().stream()).toList(),
        (int) present.values().stream().filter(Read::unreadable).count());
  }

  private Read read(Path file, FileTime changed) {
    try {
      return new Read(changed, trials(ReportFolder.read(file)), false);
    } catch (IOException | JsonSyntaxException | FieldException e) {
      log.warn("the report " + file + " cannot be read; figures lack it", e);
      return new Read(changed, List.of(), true);
    }
  }

  private List<DetectionTrial> trials(ChaosReport report) {
    var trials = new ArrayList<DetectionTrial>();
    if (report.header().version().equals(version)) {
      for (RunReport run : report.runs()) {
        Detections found = run.detections();
        if (found != null) {
          trials.add(
              new DetectionTrial(
                  run.startedAtMillis() + run.tookMillis(),
                  found.planted(),
                  found.found(),
                  found.missed(),
                  found.innocent()));
        }
      }
    }
    return trials;
  }
}
