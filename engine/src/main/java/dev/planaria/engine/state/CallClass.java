package dev.planaria.engine.state;

/// What a call does at its upstream, as far as somebody who may be trusted has said so.
public enum CallClass {
  /// It changes nothing.
  READ_ONLY,
  /// Doing it twice comes to the same as doing it once.
  IDEMPOTENT,
  /// It may have an effect, so that it is never sent twice unless a person asks for that.
  EFFECT;

  /// True when it may be sent again without asking anybody.
  public boolean mayRepeat() {
    return this != EFFECT;
  }
}
