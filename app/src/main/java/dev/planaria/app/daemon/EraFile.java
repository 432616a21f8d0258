package dev.planaria.app.daemon;

import dev.planaria.app.files.WholeFile;
import dev.planaria.app.gateway.upstreams.EraVerdict;
import dev.planaria.app.gateway.upstreams.EraVerdicts;
import dev.planaria.app.gateway.wire.Log;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import dev.planaria.engine.json.WireName;
import dev.planaria.engine.state.Era;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The eras that servers were found to speak, in a file, so that a new worker need not ask each
/// with a process that is thrown away. It may be lost, or be wrong: both cost a question.
/// Thread-safe.
final class EraFile implements EraVerdicts {
  /// More servers than anybody has; the oldest verdicts go.
  private static final int MOST = 1_000;

  private static final int TEXT_CHARACTERS = 16;

  private final Path file;
  private final Log log;
  private final Map<String, EraVerdict> verdicts =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, EraVerdict> eldest) {
          return size() > MOST;
        }
      };

  /// Reads what is there.
  EraFile(Path file, Log log) {
    this.file = file;
    this.log = log;
    try {
      JsonObject stored = Json.parseObject(Files.readAllBytes(file), JsonLimits.OWN);
      Fields fields = Fields.of(stored);
      for (String key : stored.members().keySet()) {
        Fields verdict = fields.optionalFields(key);
        if (verdict != null) {
          verdicts.put(
              key,
              new EraVerdict(
                  Era.valueOf(
                      verdict.requiredText("era", TEXT_CHARACTERS).toUpperCase(Locale.ROOT)),
                  verdict.requiredLong("asked_at_millis", 0, Long.MAX_VALUE)));
        }
      }
    } catch (NoSuchFileException e) {
      // Nobody was asked yet.
    } catch (IOException | JsonSyntaxException | FieldException | IllegalArgumentException e) {
      log.warn("what is known of servers' eras cannot be read; they are asked anew", e);
    }
  }

  @Override
  public synchronized Optional<EraVerdict> find(String key) {
    return Optional.ofNullable(verdicts.get(key));
  }

  @Override
  public synchronized void save(String key, EraVerdict verdict) {
    if (!verdict.equals(verdicts.put(key, verdict))) {
      write();
    }
  }

  @Override
  public synchronized void forget(String key) {
    if (verdicts.remove(key) != null) {
      write();
    }
  }

  private void write() {
    JsonObject.Builder all = JsonObject.builder();
    verdicts.forEach((key, verdict) ->
        all.put(
            key,
            JsonObject.builder()
                .put("era", WireName.of(verdict.era()))
                .put("asked_at_millis", verdict.askedAtMillis())
                .build()));
    try {
      WholeFile.replace(file, Json.writeBytes(all.build()));
    } catch (IOException e) {
      log.warn("what was found out of a server's era could not be written down", e);
    }
  }
}
