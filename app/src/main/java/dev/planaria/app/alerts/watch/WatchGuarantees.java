package dev.planaria.app.alerts.watch;

/// What taking readings promises. Product code only ever uses [#ALL]; tests take one away and see
/// that it is missed.
///
/// @param failsAlone what cannot be read is unknown, and everything else is read all the same
/// @param limited what does not come back is waited for within a limit
record WatchGuarantees(boolean failsAlone, boolean limited) {
  static final WatchGuarantees ALL = new WatchGuarantees(true, true);
}
