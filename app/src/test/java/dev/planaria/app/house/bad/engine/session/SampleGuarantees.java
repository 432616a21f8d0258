package dev.planaria.app.house.bad.engine.session;

/// What a sample promises.
///
/// @param first a promise
public record SampleGuarantees(boolean first) {

  /// Everything.
  public static final SampleGuarantees ALL = new SampleGuarantees(true);
}
