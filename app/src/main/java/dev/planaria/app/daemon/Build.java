package dev.planaria.app.daemon;

/// Which build this is.
public final class Build {

  private Build() {}

  /// The version in the jar's manifest; classes that were never packed into a jar have none.
  public static String version() {
    String packed = Build.class.getPackage().getImplementationVersion();
    return packed == null ? "development" : packed;
  }
}
