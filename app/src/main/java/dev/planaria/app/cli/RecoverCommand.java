package dev.planaria.app.cli;

import dev.planaria.app.tools.Views;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.JournalException;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.recovery.RecoveryChoice;
import dev.planaria.engine.recovery.RecoveryRecord;
import dev.planaria.engine.session.EngineGuarantees;
import dev.planaria.engine.session.EngineSettings;
import dev.planaria.engine.session.SessionEngine;
import dev.planaria.engine.session.SessionUnavailable;
import dev.planaria.engine.session.SessionView;
import dev.planaria.engine.state.Refusal;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.sqlite.OnLoss;
import dev.planaria.engine.storage.sqlite.SqliteStore;
import dev.planaria.engine.storage.sqlite.StoreBehindWitness;
import dev.planaria.engine.storage.sqlite.StoreFormatException;
import dev.planaria.engine.storage.sqlite.StoreGuarantees;
import dev.planaria.engine.storage.sqlite.StoreLocked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "recover",
    description = {
      "Recover a damaged session, or a store that has lost its end, as you decide.",
      "Works on the store itself: stop the daemon first. Without an option a session is",
      "recovered as it would be by itself; a store that has lost something stays as it is."
    })
final class RecoverCommand extends Subcommand {

  @Parameters(
      paramLabel = "SESSION",
      arity = "0..1",
      description = "The session, by id or name; left out, only the store itself is looked at.")
  @Nullable String session;

  @Option(
      names = "--accept-loss",
      description = "Go on with what can be read; what is lost is reported, and lost.")
  boolean acceptLoss;

  @Option(
      names = "--checkpoint",
      paramLabel = "ID",
      description = "Begin with this checkpoint, and apply what follows it and stands.")
  @Nullable String checkpoint;

  RecoverCommand(CliEnvironment environment) {
    super(environment);
  }

  @Override
  ExitStatus run() throws IOException {
    Path data = dataDirectory();
    if (!Files.exists(data.resolve(SqliteStore.DATABASE))) {
      throw new CommandFailure(ExitStatus.NOT_FOUND, "there is no store in " + data);
    }
    try (SessionEngine engine = open(data)) {
      String named = session;
      if (named == null) {
        answer(
            JsonObject.builder().put("recovered", true).build(),
            "the store can be served; planaria verify says more");
        return ExitStatus.OK;
      }
      return recover(engine, named);
    } catch (StoreLocked locked) {
      throw new CommandFailure(
          ExitStatus.IN_USE,
          "another process holds the store in " + data + "; end it first (planaria stop)",
          locked);
    } catch (StoreBehindWitness behind) {
      throw new CommandFailure(ExitStatus.DAMAGED, String.valueOf(behind.getMessage()), behind);
    } catch (DamagedException damaged) {
      throw new CommandFailure(ExitStatus.DAMAGED, String.valueOf(damaged.getMessage()), damaged);
    } catch (StoreFormatException | JournalException failure) {
      throw new CommandFailure(ExitStatus.FAILED, String.valueOf(failure.getMessage()), failure);
    }
  }

  private SessionEngine open(Path data) {
    OnLoss onLoss = acceptLoss ? OnLoss.ACCEPT : OnLoss.REFUSE;
    return SessionEngine.open(
        SqliteStore.open(data, onLoss, StoreGuarantees.ALL),
        EngineSettings.DEFAULT,
        environment.sources(),
        null,
        EngineGuarantees.ALL);
  }

  private ExitStatus recover(SessionEngine engine, String named) {
    SessionId id = engine.find(named).orElseThrow(() -> SessionSource.noSession(named)).id();
    SessionView view;
    try {
      view = engine.recover(id, choice());
    } catch (Refusal refusal) {
      throw new CommandFailure(ExitStatus.NOT_FOUND, String.valueOf(refusal.getMessage()), refusal);
    } catch (SessionUnavailable damaged) {
      throw new CommandFailure(ExitStatus.DAMAGED, String.valueOf(damaged.getMessage()), damaged);
    }
    Optional<RecoveryRecord> record = engine.recoveries(id, 1).stream().findFirst();
    answer(
        JsonObject.builder()
            .put("session_id", id.toString())
            .put("head", Views.receipt(view.head()))
            .put("recovery", record.map(Views::recovery).orElse(null))
            .build(),
        "session "
            + named
            + " serves again, at operation "
            + view.head().seq()
            + record.map(RecoverCommand::words).orElse("; it never had to be recovered"));
    return ExitStatus.OK;
  }

  private RecoveryChoice choice() {
    String from = checkpoint;
    if (from != null) {
      return new RecoveryChoice.FromCheckpoint(from);
    }
    return acceptLoss ? new RecoveryChoice.AcceptLoss() : new RecoveryChoice.ByTable();
  }

  private static String words(RecoveryRecord record) {
    return "; by "
        + record.strategy()
        + ", "
        + record.operationsLost()
        + " operations lost"
        + (record.findings().isEmpty() ? "" : ":\n  " + String.join("\n  ", record.findings()));
  }
}
