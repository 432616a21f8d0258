package dev.planaria.engine.journal;

import dev.planaria.engine.state.SessionId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Goes through a frame that is not intact, entry by entry: what holds its CRC is found wherever it
/// begins, what does not is skipped up to the next that does. Pure.
public final class FrameWalk {

  // Where an entry says whose it is: behind its length and version (see EntryCodec).
  private static final int SESSION_AT = 5;
  private static final int SEQ_AT = 21;
  private static final int SMALLEST_ENTRY = SEQ_AT + 8;

  private FrameWalk() {}

  /// An intact entry and where it lies.
  public record Found(Entry entry, int offset, int length) {}

  /// What bytes that are no entry say of themselves; believed only where it fits what is known.
  public record Claim(SessionId sessionId, long seq) {}

  /// What a damaged frame holds.
  ///
  /// @param found the intact entries
  /// @param claims what the damaged ones say of themselves
  /// @param missing how many entries are damaged; -1 when nobody can tell
  /// @param atMost how many it can be at most
  /// @param damagedAt where the last damage begins
  public record Content(
      List<Found> found, List<Claim> claims, int missing, int atMost, int damagedAt) {}

  /// Goes through a frame, intact or not.
  public static Content read(byte[] bytes) {
    var found = new ArrayList<Found>();
    var claims = new ArrayList<Claim>();
    int end = bytes.length - 4;
    int offset = Frame.HEADER_BYTES;
    int stretches = 0;
    int atMost = 0;
    int damagedAt = end;
    while (offset < end) {
      Found entry = entryAt(bytes, offset);
      if (entry == null) {
        int next = nextEntry(bytes, offset, end);
        Claim claim = claimAt(bytes, offset, next);
        if (claim != null) {
          claims.add(claim);
        }
        damagedAt = offset;
        stretches++;
        atMost += Math.max(1, (next - offset) / SMALLEST_ENTRY);
        offset = next;
      } else {
        found.add(entry);
        offset += entry.length();
      }
    }
    int missing = declared(bytes) - found.size();
    boolean plausible = missing >= stretches && missing <= atMost;
    return new Content(
        found,
        plausible && missing == stretches ? claims : List.of(),
        plausible ? missing : stretches == 0 ? 0 : -1,
        atMost,
        damagedAt);
  }

  private static int declared(byte[] bytes) {
    return bytes.length < Frame.HEADER_BYTES
        ? -1
        : ByteBuffer.wrap(bytes).getInt(Frame.HEADER_BYTES - 4);
  }

  private static @Nullable Found entryAt(byte[] bytes, int offset) {
    try {
      return new Found(
          EntryCodec.decode(bytes, offset), offset, EntryCodec.lengthAt(bytes, offset));
    } catch (DamagedException none) {
      return null;
    }
  }

  /// Where the next intact entry begins, or the end.
  private static int nextEntry(byte[] bytes, int broken, int end) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    for (int offset = broken + 1; offset < end - SMALLEST_ENTRY; offset++) {
      int length = in.getInt(offset);
      boolean plausible = length > SMALLEST_ENTRY && length <= end - offset;
      if (plausible && entryAt(bytes, offset) != null) {
        return offset;
      }
    }
    return end;
  }

  private static @Nullable Claim claimAt(byte[] bytes, int offset, int end) {
    return end - offset < SMALLEST_ENTRY ? null : claimAt(bytes, offset);
  }

  /// What the entry at `offset` says of itself.
  public static Claim claimAt(byte[] bytes, int offset) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    var id =
        new SessionId(
            new UUID(in.getLong(offset + SESSION_AT), in.getLong(offset + SESSION_AT + 8)));
    return new Claim(id, in.getLong(offset + SEQ_AT));
  }
}
