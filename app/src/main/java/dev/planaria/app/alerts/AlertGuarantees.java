package dev.planaria.app.alerts;

/// What the rules promise. Product code only ever uses [#ALL]; tests take one away and see that it
/// is missed.
///
/// @param hysteresis a condition must hold for a while, and what lies between the bounds changes
///   nothing
/// @param minimumSample a figure counts only when it rests on enough
/// @param oncePerCause an alert that fires is not fired again by the same cause
/// @param unknownHolds what nobody can tell clears nothing
record AlertGuarantees(
    boolean hysteresis, boolean minimumSample, boolean oncePerCause, boolean unknownHolds) {
  static final AlertGuarantees ALL = new AlertGuarantees(true, true, true, true);
}
