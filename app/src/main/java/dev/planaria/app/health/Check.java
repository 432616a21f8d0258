package dev.planaria.app.health;

/// What was found about a component.
///
/// @param component which
/// @param status how well it is
/// @param burden how much is wrong with it, in whatever the component counts; only good for a
///   comparison with what it was before
/// @param reason why, in a sentence
public record Check(String component, Wellness status, double burden, String reason) {
  static Check ok(String component, String reason) {
    return new Check(component, Wellness.OK, 0, reason);
  }

  /// @param reason why nobody can tell
  static Check unknown(String component, String reason) {
    return new Check(component, Wellness.UNKNOWN, 0, reason);
  }
}
