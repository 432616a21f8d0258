package dev.planaria.app.api;

import dev.planaria.chaos.report.ChaosReport;
import dev.planaria.chaos.report.Detections;
import dev.planaria.chaos.report.ReportFolder;
import dev.planaria.chaos.report.ReportJson;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.json.WireName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reports of the chaos kit that lie in the data directory's `chaos/`, where `planaria chaos run`
/// keeps them. Thread-safe.
final class ChaosReports {
  private static final int MOMENTS = 2_000;

  private final ReportFolder folder;
  // Guarded by this: what was read, since a report takes a moment to read and never changes much.
  private final Map<Path, Read> known =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Read> eldest) {
          return size() > ReportFolder.KEPT;
        }
      };

  /// A report as it was at a time.
  private record Read(FileTime changed, JsonObject line) {}

  ChaosReports(ReportFolder folder) {
    this.folder = folder;
  }

  /// A line for each report, newest first.
  JsonObject list() {
    return JsonObject.builder()
        .put("directory", folder.directory().toString())
        .put("reports", new JsonArray(files().stream().<JsonValue>map(this::line).toList()))
        .build();
  }

  private List<Path> files() {
    try {
      return folder.newest();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized JsonObject line(Path file) {
    FileTime changed = ReportFolder.changed(file);
    Read read = known.get(file);
    if (read == null || !read.changed().equals(changed)) {
      read = new Read(changed, readLine(file));
      known.put(file, read);
    }
    return read.line();
  }

  private static JsonObject readLine(Path file) {
    JsonObject.Builder line = JsonObject.builder().put("name", name(file));
    try {
      ChaosReport report = ReportFolder.read(file);
      return line.put("title", report.header().title())
          .put("profile", report.header().profile())
          .put("verdict", WireName.of(report.verdict()))
          .put("started_at", report.header().startedAtMillis())
          .put("took_ms", report.header().tookMillis())
          .put("version", report.header().version())
          .put("runs", report.done().size())
          .put("hits", report.hits())
          .put("violations", report.violations())
          .put("acknowledged", report.counts().acknowledged())
          .put("detections", report.detections().map(ChaosReports::detections).orElse(null))
          .build();
    } catch (IOException | JsonSyntaxException | FieldException e) {
      return line.put("error", "cannot be read: " + e.getMessage()).build();
    }
  }

  private static String name(Path file) {
    Path parent = file.getParent();
    return parent == null ? "" : String.valueOf(parent.getFileName());
  }

  private static JsonObject detections(Detections found) {
    return JsonObject.builder()
        .put("planted", found.planted())
        .put("found", found.found())
        .put("missed", found.missed())
        .put("innocent", found.innocent())
        .build();
  }

  /// A report without the timelines of its runs.
  Optional<JsonObject> report(String name) {
    return json(name)
        .map(report -> {
          JsonObject.Builder json = JsonObject.builder();
          report
              .members()
              .forEach((member, value) -> {
                if (member.equals("runs") && value instanceof JsonArray(var runs)) {
                  json.put(
                      member,
                      new JsonArray(
                          runs.stream().<JsonValue>map(run -> timeline(run, 0)).toList()));
                } else {
                  json.put(member, value);
                }
              });
          return json.build();
        });
  }

  /// One of a report's runs, counted from 0, with its timeline.
  Optional<JsonObject> run(String name, String index) {
    return json(name)
        .flatMap(report ->
            report.get("runs") instanceof JsonArray(var runs)
                ? place(runs, index)
                : Optional.empty())
        .map(run -> timeline(run, MOMENTS));
  }

  private static Optional<JsonValue> place(List<JsonValue> runs, String index) {
    try {
      int place = Integer.parseInt(index);
      return place >= 0 && place < runs.size() ? Optional.of(runs.get(place)) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty(); // no such run
    }
  }

  private static JsonObject timeline(JsonValue run, int most) {
    JsonObject.Builder json = JsonObject.builder();
    if (run instanceof JsonObject(var members)) {
      members.forEach((member, value) -> {
        if (member.equals("timeline") && value instanceof JsonArray(var moments)) {
          json.put("moments", moments.size());
          json.put(member, new JsonArray(new ArrayList<>(moments.stream().limit(most).toList())));
        } else {
          json.put(member, value);
        }
      });
    }
    return json.build();
  }

  private Optional<JsonObject> json(String name) {
    Path file = folder.named(name);
    if (file == null || !Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(ReportJson.toJson(ReportFolder.read(file)));
    } catch (IOException | JsonSyntaxException e) {
      throw new FieldException("report", "cannot be read: " + e.getMessage());
    }
  }
}
