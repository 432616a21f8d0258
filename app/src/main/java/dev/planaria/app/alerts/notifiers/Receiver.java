package dev.planaria.app.alerts.notifiers;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Somebody outside who is told of alerts, as the operator's file names them.
sealed interface Receiver {
  /// Its name, unique in the file.
  String name();

  /// Where it is. It may hold a secret, and is written nowhere.
  URI url();

  /// Gets each change once, as JSON, signed when there is a secret.
  record Webhook(String name, URI url, @Nullable Secret secret) implements Receiver {}

  /// An Alertmanager (API v2): gets all that fires, again and again.
  record Alertmanager(String name, URI url) implements Receiver {}
}
