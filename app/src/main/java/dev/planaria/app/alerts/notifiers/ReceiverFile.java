package dev.planaria.app.alerts.notifiers;

import dev.planaria.engine.json.FieldException;
import dev.planaria.engine.json.Fields;
import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonSyntaxException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads receivers from the operator's file of servers, where they stand beside these:
///
/// ```json
/// {"mcpServers": {}, "planaria": {"notifiers": [
///   {"type": "webhook", "name": "ops", "url": "https://...", "secret_env": "OPS_SECRET"},
///   {"type": "alertmanager", "url": "http://127.0.0.1:9093"}]}}
/// ```
///
/// A secret stands in a file that nobody else can read (`secret_file`) or in a variable of the
/// daemon's environment (`secret_env`), never in this file.
final class ReceiverFile {
  private static final int MOST = 20;
  private static final int TEXT_CHARACTERS = 2_000;
  private static final int NAME_CHARACTERS = 64;
  private static final int FILE_BYTES = 1 << 20;
  private static final int SECRET_BYTES = 4_096;

  private final Path file;
  private final Map<String, String> variables;

  ReceiverFile(Path file, Map<String, String> variables) {
    this.file = file;
    this.variables = variables;
  }

  private enum Type {
    WEBHOOK,
    ALERTMANAGER
  }

  /// The receivers in the file as it is now.
  ///
  /// @throws IOException when it cannot be read
  /// @throws FieldException when what stands there breaks a rule
  /// @throws JsonSyntaxException when it is no JSON
  List<Receiver> read() throws IOException {
    if (Files.size(file) > FILE_BYTES) {
      throw new FieldException("planaria", "must be in a file of at most " + FILE_BYTES + " bytes");
    }
    JsonObject whole = Json.parseObject(Files.readAllBytes(file), JsonLimits.DEFAULT);
    Fields ours = Fields.of(whole).optionalFields("planaria");
    List<Fields> each = ours == null ? null : ours.optionalEach("notifiers", MOST);
    var receivers = new ArrayList<Receiver>();
    if (each != null) {
      Set<String> names = new HashSet<>();
      for (Fields fields : each) {
        Receiver receiver = receiver(fields);
        if (!names.add(receiver.name())) {
          throw new FieldException("planaria.notifiers", "has two of the name " + receiver.name());
        }
        receivers.add(receiver);
      }
    }
    return List.copyOf(receivers);
  }

  private Receiver receiver(Fields fields) throws IOException {
    Type type = fields.requiredEnum("type", Type.class);
    String given = fields.optionalText("name", NAME_CHARACTERS);
    URI url = url(fields.requiredText("url", TEXT_CHARACTERS));
    Receiver receiver =
        switch (type) {
          case WEBHOOK ->
              new Receiver.Webhook(
                  Objects.requireNonNullElse(given, "webhook"), url, secret(fields));
          case ALERTMANAGER ->
              new Receiver.Alertmanager(Objects.requireNonNullElse(given, "alertmanager"), url);
        };
    fields.refuseUnknown();
    return receiver;
  }

  private static URI url(String text) {
    try {
      URI url = new URI(text);
      boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (http && url.getHost() != null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // said below, without the text: it may hold a secret
    }
    throw new FieldException("planaria.notifiers.url", "must be an absolute http or https URL");
  }

  private @Nullable Secret secret(Fields fields) throws IOException {
    String variable = fields.optionalText("secret_env", TEXT_CHARACTERS);
    String path = fields.optionalText("secret_file", TEXT_CHARACTERS);
    if (variable != null && path != null) {
      throw new FieldException("secret_env", "and secret_file exclude each other");
    }
    if (variable != null) {
      String value = variables.get(variable);
      if (value == null || value.isEmpty()) {
        throw new FieldException("secret_env", "names a variable that the daemon does not have");
      }
      return new Secret(value);
    }
    return path == null ? null : secret(Path.of(path));
  }

  private Secret secret(Path given) throws IOException {
    Path beside = file.toAbsolutePath().resolveSibling(given);
    if (!Files.isRegularFile(beside) || Files.size(beside) > SECRET_BYTES) {
      throw new FieldException(
          "secret_file", "must name a file of at most " + SECRET_BYTES + " bytes: " + beside);
    }
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(beside);
    if (permissions.contains(PosixFilePermission.OTHERS_READ)
        || permissions.contains(PosixFilePermission.GROUP_READ)) {
      throw new FieldException(
          "secret_file", "can be read by others, so run: chmod go-rwx " + beside);
    }
    String text = Files.readString(beside).strip();
    if (text.isEmpty()) {
      throw new FieldException("secret_file", "must not be empty: " + beside);
    }
    return new Secret(text);
  }
}
