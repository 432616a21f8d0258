package dev.planaria.app.cli;

import dev.planaria.app.api.StoreViews;
import dev.planaria.app.tools.SessionResources;
import dev.planaria.app.tools.Sessions;
import dev.planaria.app.tools.Views;
import dev.planaria.engine.integrity.VerificationReport.Scope;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.json.JsonArray;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonValue;
import dev.planaria.engine.session.Inspection;
import dev.planaria.engine.session.SessionSummary;
import dev.planaria.engine.session.SessionUnavailable;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.sqlite.StoreFormatException;
import dev.planaria.engine.storage.sqlite.StoreLocked;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Sessions as they lie in a store that no daemon serves. Holds the store's lock until it is
/// closed, and changes nothing.
///
/// @param inspection the store
/// @param nanoTime a monotonic clock
record StoredSessions(Inspection inspection, LongSupplier nanoTime) implements SessionSource {

  /// Opens the store of a directory.
  ///
  /// @throws CommandFailure when there is none, or another process holds it
  static StoredSessions open(Path dataDirectory, LongSupplier nanoTime) {
    if (!Files.exists(dataDirectory.resolve("planaria.db"))) {
      throw new CommandFailure(ExitStatus.NOT_FOUND, "there is no store in " + dataDirectory);
    }
    try {
      return new StoredSessions(Inspection.open(dataDirectory), nanoTime);
    } catch (StoreLocked locked) {
      throw new CommandFailure(
          ExitStatus.IN_USE,
          "another process holds the store in " + dataDirectory + "; wait until it has ended",
          locked);
    } catch (DamagedException damaged) {
      throw new CommandFailure(ExitStatus.DAMAGED, String.valueOf(damaged.getMessage()), damaged);
    } catch (StoreFormatException | JournalException failure) {
      throw new CommandFailure(ExitStatus.FAILED, String.valueOf(failure.getMessage()), failure);
    }
  }

  @Override
  public JsonArray sessions() {
    List<JsonValue> summaries = new ArrayList<>();
    inspection.sessions().stream()
        .filter(StoredSessions::isShown)
        .forEach(session -> summaries.add(Views.summary(session)));
    return new JsonArray(summaries);
  }

  @Override
  public JsonObject session(String reference) {
    try {
      return SessionResources.document(inspection.view(id(reference), nanoTime), Integer.MAX_VALUE);
    } catch (SessionUnavailable damaged) {
      throw new CommandFailure(ExitStatus.DAMAGED, String.valueOf(damaged.getMessage()), damaged);
    }
  }

  @Override
  public JsonArray checkpoints(String reference) {
    List<JsonValue> checkpoints = new ArrayList<>();
    inspection.checkpoints(id(reference)).forEach(info -> checkpoints.add(Views.checkpoint(info)));
    return new JsonArray(checkpoints);
  }

  @Override
  public JsonArray journal(String reference, long fromSeq, int limit) {
    List<JsonValue> entries = new ArrayList<>();
    inspection.journal(
        id(reference), fromSeq, limit, entry -> entries.add(StoreViews.entry(entry)));
    return new JsonArray(entries);
  }

  @Override
  public JsonObject verify(boolean deep) {
    return verify(new Scope(null, deep));
  }

  @Override
  public JsonObject verify(String reference, boolean deep) {
    return verify(new Scope(id(reference), deep));
  }

  private JsonObject verify(Scope scope) {
    return StoreViews.report(inspection.verify(scope, nanoTime));
  }

  private SessionId id(String reference) {
    return inspection.find(reference).orElseThrow(() -> SessionSource.noSession(reference)).id();
  }

  /// The daemon keeps sessions of its own, which it does not show either.
  private static boolean isShown(SessionSummary session) {
    return !session.name().startsWith(Sessions.RESERVED_PREFIX);
  }

  @Override
  public void close() {
    inspection.close();
  }
}
