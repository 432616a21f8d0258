package dev.planaria.app.alerts;

import dev.planaria.engine.journal.Hash;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Where one alert stands. There is one for each type and subject, under an id that both decide, so
/// that it is the same after a restart. Immutable.
///
/// @param id names it
/// @param type what it is about
/// @param subject whom
/// @param state where it stands
/// @param times when what happened
/// @param occurrences how often it has fired
/// @param handling what was done about it
/// @param seen what was the case when it was last looked at
public record Alert(
    String id,
    AlertType type,
    Subject subject,
    State state,
    Times times,
    int occurrences,
    Handling handling,
    Seen seen) {
  private static final int ID_CHARACTERS = 12;

  /// A reason may quote what a server said.
  static final int MESSAGE_CHARACTERS = 1_000;

  /// Where an alert stands.
  public enum State {
    /// Bad for not long enough yet; told to nobody.
    PENDING,
    FIRING,
    CLEARED
  }

  /// When what happened, Unix time.
  ///
  /// @param badSinceMillis since when its condition holds or held; null when it has not fired and
  ///   does not hold
  /// @param lastMillis when it was last seen to hold
  /// @param goodSinceMillis since when it does not hold, while it fires; else null
  /// @param firedMillis when it last fired; null when never
  /// @param clearedMillis when it cleared; null unless it has
  public record Times(
      @Nullable Long badSinceMillis,
      long lastMillis,
      @Nullable Long goodSinceMillis,
      @Nullable Long firedMillis,
      @Nullable Long clearedMillis) {}

  /// What was done about it.
  ///
  /// @param announced somebody was told that it fires
  /// @param acknowledged a person has taken note of it
  /// @param silencedUntilMillis nobody is told before, Unix time; null when it is not silenced
  public record Handling(
      boolean announced, boolean acknowledged, @Nullable Long silencedUntilMillis) {
    static final Handling NONE = new Handling(false, false, null);

    boolean isSilenced(long nowMillis) {
      return silencedUntilMillis != null && nowMillis < silencedUntilMillis;
    }
  }

  /// What was the case.
  ///
  /// @param cause tells one event from another; empty for conditions
  /// @param message a sentence
  /// @param value what was measured, or null
  /// @param threshold what it was held against, or null
  public record Seen(
      String cause, String message, @Nullable Double value, @Nullable Double threshold) {
    static Seen of(Signal signal) {
      String message = signal.message();
      return new Seen(
          signal.cause(),
          message.length() <= MESSAGE_CHARACTERS
              ? message
              : message.substring(0, MESSAGE_CHARACTERS) + "...",
          signal.value(),
          signal.threshold());
    }
  }

  /// The id of the alert of that type about that subject.
  static String idOf(AlertType type, Subject subject) {
    String text = type.name() + "|" + subject.key();
    String hash = Hash.sha256(text.getBytes(StandardCharsets.UTF_8)).toString();
    return type.name().toLowerCase(Locale.ROOT).replace('_', '-')
        + "-"
        + hash.substring(0, ID_CHARACTERS);
  }

  static Alert pending(Signal signal, long nowMillis) {
    return new Alert(
        idOf(signal.type(), signal.subject()),
        signal.type(),
        signal.subject(),
        State.PENDING,
        new Times(nowMillis, nowMillis, null, null, null),
        0,
        Handling.NONE,
        Seen.of(signal));
  }

  /// True while it fires.
  public boolean isFiring() {
    return state == State.FIRING;
  }

  Alert fired(Signal signal, long badSinceMillis, long nowMillis) {
    return new Alert(
        id,
        type,
        signal.subject(),
        State.FIRING,
        new Times(badSinceMillis, nowMillis, null, nowMillis, null),
        occurrences + 1,
        new Handling(false, false, handling.silencedUntilMillis()),
        Seen.of(signal));
  }

  Alert cleared(long nowMillis) {
    return new Alert(
        id,
        type,
        subject,
        State.CLEARED,
        new Times(times.badSinceMillis, times.lastMillis, null, times.firedMillis, nowMillis),
        occurrences,
        handling,
        seen);
  }

  Alert at(Times changed) {
    return new Alert(id, type, subject, state, changed, occurrences, handling, seen);
  }

  Alert seeing(Signal signal) {
    return new Alert(
        id, type, signal.subject(), state, times, occurrences, handling, Seen.of(signal));
  }

  Alert handled(Handling changed) {
    return new Alert(id, type, subject, state, times, occurrences, changed, seen);
  }
}
