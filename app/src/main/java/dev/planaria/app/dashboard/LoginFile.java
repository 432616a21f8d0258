package dev.planaria.app.dashboard;

import dev.planaria.app.files.WholeFile;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.JsonValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The file `dashboard.json` of the data directory: which login links wait, and which browsers are
/// logged in, by the hashes of their secrets. It may be lost or damaged; then everybody logs in
/// again. Used by one thread at a time.
final class LoginFile {
  private static final int MOST = 1_000;
  private static final int TEXT_CHARACTERS = 256;

  /// Far more than what [#MOST] of both need.
  private static final long FILE_BYTES = 1 << 20;

  private final Path file;
  private final Log log;

  /// A secret that opens something until a time.
  ///
  /// @param sha256 of the secret, in hexadecimal
  /// @param expiresAtMillis Unix time
  /// @param spentBy the stamp of the request that has used it, or null
  record Entry(String sha256, long expiresAtMillis, @Nullable String spentBy) {}

  /// What the file holds.
  ///
  /// @param name tells this daemon's cookies apart from those of others on the same machine, since
  ///   browsers do not tell ports apart; empty when none was chosen yet
  /// @param codes login links, oldest first
  /// @param logins browsers, oldest first
  record Content(String name, List<Entry> codes, List<Entry> logins) {
    static final Content EMPTY = new Content("", List.of(), List.of());

    Content {
      codes = List.copyOf(codes);
      logins = List.copyOf(logins);
    }
  }

  LoginFile(Path file, Log log) {
    this.file = file;
    this.log = log;
  }

  /// What is there; nothing when it cannot be read, which is said in the log.
  Content read() {
    try {
      if (Files.size(file) > FILE_BYTES) {
        throw new IOException("longer than " + FILE_BYTES + " bytes");
      }
      Fields fields = Fields.of(Json.parseObject(Files.readAllBytes(file), JsonLimits.OWN));
      return new Content(
          fields.requiredText("name", TEXT_CHARACTERS),
          entries(fields, "codes"),
          entries(fields, "logins"));
    } catch (NoSuchFileException e) {
      return Content.EMPTY;
    } catch (IOException | JsonSyntaxException | FieldException e) {
      log.warn(
          file.getFileName() + " cannot be read; whoever uses the dashboard has to log in again",
          e);
      return Content.EMPTY;
    }
  }

  private static List<Entry> entries(Fields fields, String name) {
    var entries = new ArrayList<Entry>();
    for (Fields entry : fields.requiredEach(name, MOST)) {
      entries.add(
          new Entry(
              entry.requiredText("sha256", TEXT_CHARACTERS),
              entry.requiredLong("expires_at", 0, Long.MAX_VALUE),
              entry.optionalText("spent_by", TEXT_CHARACTERS)));
    }
    return entries;
  }

  /// Writes it whole or not at all, and onto the disk: a link that was used must not come back with
  /// the power.
  void write(Content content) throws IOException {
    JsonObject json =
        JsonObject.builder()
            .put("name", content.name())
            .put("codes", array(content.codes()))
            .put("logins", array(content.logins()))
            .build();
    WholeFile.replace(file, Json.writeBytes(json));
  }

  private static JsonArray array(List<Entry> entries) {
    return new JsonArray(
        entries.stream()
            .<JsonValue>map(entry ->
                JsonObject.builder()
                    .put("sha256", entry.sha256())
                    .put("expires_at", entry.expiresAtMillis())
                    .put("spent_by", entry.spentBy())
                    .build())
            .toList());
  }
}
