package dev.planaria.engine.storage.archive;

/// When frames move to the archive, and for how long they stay there.
///
/// @param segmentBytes frames are packed when so many bytes of them lie below the low-water mark:
///   large enough to compress well, small enough to be unpacked for a single operation in a few
///   milliseconds
/// @param keepMillis how long a segment is kept after it was written; longer where the
///   second-newest verified chain of a session needs it
/// @param deletedAtOnce rows that are deleted in one transaction, which a commit waits for: 256
///   rows of 11 KB took 2 to 6 ms
public record ArchiveSettings(long segmentBytes, long keepMillis, int deletedAtOnce) {

  /// Segments of 4 MiB, 30 days, 64 rows.
  public static final ArchiveSettings DEFAULT = new ArchiveSettings(4L << 20, 30L * 86_400_000, 64);

  /// Refuses bounds under which nothing would move.
  public ArchiveSettings {
    if (segmentBytes < 1 || segmentBytes > 64L << 20 || keepMillis < 0 || deletedAtOnce < 1) {
      throw new IllegalArgumentException(
          "`segmentBytes` must be 1 to 64 MiB, `keepMillis` not negative, `deletedAtOnce` at least"
              + " 1");
    }
  }
}
