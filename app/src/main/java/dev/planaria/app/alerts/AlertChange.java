package dev.planaria.app.alerts;

/// Something that people are told: an alert began, or ended.
///
/// @param kind which of the two
/// @param alert as it stands then
public record AlertChange(Kind kind, Alert alert) {

  /// What has happened to an alert.
  public enum Kind {
    FIRED,
    CLEARED
  }

  /// The same for the same change, however often it is told: who gets it twice can tell.
  public String id() {
    return alert.id() + "-" + alert.times().firedMillis() + "-" + (kind == Kind.FIRED ? "f" : "c");
  }
}
