package dev.planaria.chaos.report;

import dev.planaria.engine.json.Json;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The reports of a data directory: each is a file `report.json` in a directory of its own. Whoever
/// runs experiments keeps them here, and a daemon looks at them. Thread-safe, also between
/// processes: a report is there whole or not at all.
///
/// @param directory where they lie; may be missing
public record ReportFolder(Path directory) {

  /// Below a data directory.
  public static final String NAME = "chaos";

  /// So many reports are kept, and looked at: a week of one after each change and one each night.
  public static final int KEPT = 50;

  /// A night's report has some megabytes.
  public static final long FILE_BYTES = 32 << 20;

  private static final String FILE = "report.json";
  private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  /// What [#keep] has named; nothing else is ever removed.
  private static final Pattern OWN = Pattern.compile("run-\\d{8}T\\d{9}Z-[a-z0-9-]{1,32}");

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int TITLE_CHARACTERS = 32;

  /// The newest reports, newest first.
  ///
  /// @throws IOException when the directory is there and cannot be listed
  public List<Path> newest() throws IOException {
    return files(NAMES).stream().limit(KEPT).toList();
  }

  /// The report of that name, be it there or not; null when it cannot be a name.
  public @Nullable Path named(String name) {
    return NAMES.matcher(name).matches() ? directory.resolve(name).resolve(FILE) : null;
  }

  private List<Path> files(Pattern names) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(entry -> names.matcher(String.valueOf(entry.getFileName())).matches())
          .map(entry -> entry.resolve(FILE))
          .filter(Files::isRegularFile)
          .sorted(Comparator.comparing(ReportFolder::changed).reversed())
          .toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }

  /// When a report was written.
  public static FileTime changed(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // it is being taken away
    }
  }

  /// Reads a report.
  ///
  /// @throws IOException when it cannot be read, or is longer than 32 MiB
  /// @throws dev.planaria.engine.json.JsonSyntaxException when it is no JSON
  /// @throws dev.planaria.engine.json.FieldException when it is no report
  public static ChaosReport read(Path file) throws IOException {
    if (Files.size(file) > FILE_BYTES) {
      throw new IOException("it is longer than " + FILE_BYTES + " bytes");
    }
    return ReportJson.parse(Files.readAllBytes(file));
  }

  /// Keeps a report, and removes the oldest of those that were kept so when there are too many.
  ///
  /// @return the file
  /// @throws IOException when it cannot be written; what was there is there
  public Path keep(ChaosReport report) throws IOException {
    String started = TIME.format(Instant.ofEpochMilli(report.header().startedAtMillis()));
    Path place = directory.resolve("run-" + started + "-" + word(report.header().title()));
    Files.createDirectories(place);
    Path part = place.resolve(FILE + ".part");
    Files.writeString(part, Json.write(ReportJson.toJson(report)) + "\n");
    Path file =
        Files.move(
            part,
            place.resolve(FILE),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
    List<Path> own =
        files(OWN).stream()
            .sorted(
                Comparator.comparing((Path kept) -> String.valueOf(kept.getParent())).reversed())
            .toList();
    for (Path old : own.subList(Math.min(KEPT, own.size()), own.size())) {
      remove(old);
    }
    return file;
  }

  private static String word(String title) {
    String plain = title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return plain.isEmpty() ? "-" : plain.substring(0, Math.min(TITLE_CHARACTERS, plain.length()));
  }

  private static void remove(Path file) throws IOException {
    Files.deleteIfExists(file);
    Path place = file.getParent();
    if (place != null) {
      try {
        Files.deleteIfExists(place);
      } catch (DirectoryNotEmptyException somebodyElses) {
        // Only the report was ours.
      }
    }
  }
}
