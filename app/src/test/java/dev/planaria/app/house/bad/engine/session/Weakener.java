package dev.planaria.app.house.bad.engine.session;

/// Runs with less than everything.
public final class Weakener {

  private Weakener() {}

  /// A broken variant, in product code.
  public static SampleGuarantees guarantees() {
    return new SampleGuarantees(false);
  }
}
