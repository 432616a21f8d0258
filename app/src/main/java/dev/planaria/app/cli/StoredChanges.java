package dev.planaria.app.cli;

import dev.planaria.app.api.SessionActions;
import dev.planaria.app.api.TransferDirectory;
import dev.planaria.app.gateway.access.Tokens;
import dev.planaria.app.tools.Sessions;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.session.EngineGuarantees;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.OutcomeUnknown;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionUnavailable;
import dev.planaria.engine.session.StoreUnavailable;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.storage.sqlite.OnLoss;
import dev.planaria.engine.storage.sqlite.SqliteStore;
import dev.planaria.engine.storage.sqlite.StoreBehindWitness;
import dev.planaria.engine.storage.sqlite.StoreFormatException;
import dev.planaria.engine.storage.sqlite.StoreGuarantees;
import dev.planaria.engine.storage.sqlite.StoreLocked;
import dev.planaria.engine.transfer.MalformedExport;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Changes in a store that no daemon serves. Holds the store's lock until it is closed.
///
/// @param engine on the store
/// @param actions what can be done
record StoredChanges(SessionEngine engine, SessionActions actions) implements SessionChanges {

  /// Opens the store of a directory.
  ///
  /// @param onLoss what to do when it has lost its end
  /// @throws CommandFailure when there is none, another process holds it, or it cannot be served
  static StoredChanges open(Path dataDirectory, CliEnvironment environment, OnLoss onLoss) {
    if (!Files.exists(dataDirectory.resolve(SqliteStore.DATABASE))) {
      throw new CommandFailure(ExitStatus.NOT_FOUND, "there is no store in " + dataDirectory);
    }
    return openOrMake(dataDirectory, environment, onLoss);
  }

  /// As [#open], but makes a store where there is none.
  static StoredChanges openOrMake(Path dataDirectory, CliEnvironment environment, OnLoss onLoss) {
    try {
      SessionEngine engine =
          SessionEngine.open(
              SqliteStore.open(dataDirectory, onLoss, StoreGuarantees.ALL),
              EngineSettings.DEFAULT,
              environment.sources(),
              null,
              EngineGuarantees.ALL);
      return new StoredChanges(
          engine,
          new SessionActions(
              engine,
              new Sessions(engine),
              Tokens.OPERATOR,
              TransferDirectory.of(dataDirectory, environment.sources())));
    } catch (StoreLocked locked) {
      throw new CommandFailure(
          ExitStatus.IN_USE,
          "another process holds the store in " + dataDirectory + "; wait until it has ended",
          locked);
    } catch (StoreBehindWitness behind) {
      throw new CommandFailure(ExitStatus.DAMAGED, String.valueOf(behind.getMessage()), behind);
    } catch (DamagedException damaged) {
      throw new CommandFailure(ExitStatus.DAMAGED, String.valueOf(damaged.getMessage()), damaged);
    } catch (StoreFormatException | JournalException failure) {
      throw new CommandFailure(ExitStatus.FAILED, String.valueOf(failure.getMessage()), failure);
    }
  }

  @Override
  public JsonObject change(String reference, String action, JsonObject body) {
    String encoded = URLEncoder.encode(reference, StandardCharsets.UTF_8).replace("+", "%20");
    return post("sessions/" + encoded + "/" + action, body);
  }

  @Override
  public JsonObject bring(JsonObject body) {
    return post("import", body);
  }

  private JsonObject post(String path, JsonObject body) {
    try {
      return actions
          .post(path, body)
          .orElseThrow(() -> new IllegalStateException("nothing is done at " + path));
    } catch (Refusal refusal) {
      ExitStatus status =
          switch (refusal.code()) {
            case NOT_FOUND -> ExitStatus.NOT_FOUND;
            case NAME_TAKEN -> ExitStatus.IN_USE;
            default -> ExitStatus.FAILED;
          };
      throw new CommandFailure(status, String.valueOf(refusal.getMessage()), refusal);
    } catch (SessionUnavailable | DamagedException | MalformedExport damaged) {
      throw new CommandFailure(ExitStatus.DAMAGED, String.valueOf(damaged.getMessage()), damaged);
    } catch (FieldException | StoreUnavailable | OutcomeUnknown failure) {
      throw new CommandFailure(ExitStatus.FAILED, String.valueOf(failure.getMessage()), failure);
    }
  }

  @Override
  public void close() {
    engine.close();
  }
}
