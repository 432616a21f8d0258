package dev.planaria.chaos.client;

import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.state.Operation;
import dev.planaria.engine.state.OperationCodec;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.Transition;
import dev.planaria.engine.transfer.ExportLimits;
import dev.planaria.engine.transfer.ExportReader;
import dev.planaria.engine.transfer.TransferGuarantees;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A session's whole state at a moment, from an export that a running daemon makes of it and that
/// is replayed here: nothing of what the daemon holds in memory is believed.
public final class Capture {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int NAME_CHARACTERS = 64;

  private Capture() {}

  /// Takes it.
  ///
  /// @param url where the daemon answers
  /// @param token the operator's
  /// @param data the daemon's data directory, where it hands the export over
  /// @param session which session
  /// @throws IOException when there is no export, or none that can be read
  public static SessionState of(URI url, String token, Path data, SessionId session)
      throws IOException, InterruptedException {
    return of(url, token, data, session, _ -> {});
  }

  /// Takes it, and shows each operation that it was made of.
  ///
  /// @param each takes the operations in order
  /// @throws IOException when there is no export, or none that can be read
  public static SessionState of(
      URI url, String token, Path data, SessionId session, Consumer<Entry> each)
      throws IOException, InterruptedException {
    Path file = data.resolve("transfer").resolve(export(url, token, session));
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      var replay = new Replay(each);
      new ExportReader(in, ExportLimits.DEFAULT, TransferGuarantees.ALL).read(replay);
      return Objects.requireNonNull(replay.state, "an export holds at least one operation");
    } finally {
      Files.deleteIfExists(file);
    }
  }

  private static String export(URI url, String token, SessionId session)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + "/api/v1/sessions/" + session + "/export"))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != 200) {
        throw new DaemonRefused(
            "the export",
            response.statusCode(),
            new String(response.body(), StandardCharsets.UTF_8));
      }
      return Fields.of(Json.parseObject(response.body(), JsonLimits.OWN))
          .requiredText("file", NAME_CHARACTERS);
    }
  }

  /// Applies what is read, from the first operation or from the state that the export begins with.
  private static final class Replay implements ExportReader.Visitor {
    private final Consumer<Entry> each;
    private @Nullable SessionState state;
    private boolean behindStart;

    Replay(Consumer<Entry> each) {
      this.each = each;
    }

    @Override
    public void start(CheckpointContent content) {
      state = content.image().state();
      behindStart = true;
    }

    @Override
    public void entry(Entry entry, byte[] encoded) {
      each.accept(entry);
      if (behindStart) {
        behindStart = false; // the operation that led to the start
        return;
      }
      Operation operation = OperationCodec.decode(entry.type(), entry.body());
      SessionState before = state;
      if (before != null) {
        state = Transition.apply(before, operation, entry.timeMillis());
      } else if (operation instanceof Operation.Beginning beginning) {
        state = Transition.open(beginning, entry.timeMillis());
      } else {
        throw new IllegalStateException("the export begins with " + entry.type());
      }
    }
  }
}
