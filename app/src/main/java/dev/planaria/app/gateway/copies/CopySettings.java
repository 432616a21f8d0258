package dev.planaria.app.gateway.copies;

/// How much a private copy may cost.
///
/// @param files how many files and directories a package may have: a copy is made before each start
///   of its server, and 20,000 take about two seconds
/// @param bytes how large it may be together; a browser in a package is too large
/// @param depth how deep its directories may be nested; links that lead in circles end here
/// @param findMillis how long npm may take to say what `npx` would run: it fetches the package when
///   it is not there, and compiles what is offered as source alone; ended in the middle of that, it
///   leaves its cache broken, so that this is far longer than anybody waits
public record CopySettings(int files, long bytes, int depth, long findMillis) {
  /// What a daemon uses.
  public static final CopySettings DEFAULT = new CopySettings(20_000, 256L << 20, 64, 600_000);
}
