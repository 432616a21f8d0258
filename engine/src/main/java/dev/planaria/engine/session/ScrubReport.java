package dev.planaria.engine.session;

import dev.planaria.engine.integrity.Finding;
import java.util.List;

/// How far a scrub of the stored data has come, or what it came to.
///
/// @param startedAtMillis when this pass began, Unix time
/// @param finished true when everything was read once
/// @param sessions how many were looked at
/// @param checkpoints how many were read
/// @param segments how many of the archive were read
/// @param frames how many of the database were read
/// @param bytes how much was read, about
/// @param mended how many sessions were recovered, or written anew, because of what was found
/// @param findings what was found to be wrong; the first hundred
public record ScrubReport(
    long startedAtMillis,
    boolean finished,
    long sessions,
    long checkpoints,
    long segments,
    long frames,
    long bytes,
    long mended,
    List<Finding> findings) {

  /// Copies the list.
  public ScrubReport {
    findings = List.copyOf(findings);
  }
}
