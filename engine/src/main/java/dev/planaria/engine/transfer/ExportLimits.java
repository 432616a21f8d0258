package dev.planaria.engine.transfer;

/// How much an export may hold, so that a file which claims more than anybody would write costs no
/// more than reading it. Exceeding one is a [MalformedExport] that names it.
///
/// @param fileBytes of the file: far above what 30 days of a busy session take
/// @param blockBytes of one block, unpacked: a block holds at least one whole operation, and the
///   largest ones carry a state of 16 MiB
/// @param stateBytes of the state that an export begins with, unpacked: what the limits of a
///   session allow, as JSON
/// @param entries operations in it
public record ExportLimits(long fileBytes, int blockBytes, long stateBytes, long entries) {

  /// What holds unless the operator says otherwise.
  public static final ExportLimits DEFAULT =
      new ExportLimits(16L << 30, 48 << 20, 256L << 20, 10_000_000);

  MalformedExport exceeded(String what, String limit, long bound) {
    return new MalformedExport(
        what + ", and at most " + bound + " are allowed (setting `exports." + limit + "`)");
  }
}
