package dev.planaria.engine.storage;

import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.SessionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;

/// Writes a journal that is wrong in one place and has every checksum right: what a defect in a
/// program leaves behind, and no disk.
public final class Forgery {

  private Forgery() {}

  /// What comes in the place of an entry.
  public enum Change {
    NONE,
    /// Its hash is not the one that its place in the chain asks for.
    ANOTHER_HASH,
    /// Its body is no operation; the chain goes on from it as if it were one.
    ANOTHER_BODY,
    /// It stands there twice.
    TWICE
  }

  /// Where an entry lies.
  ///
  /// @param entry the entry
  /// @param frameId its frame
  /// @param offset of its first byte
  /// @param length in bytes
  public record Placed(Entry entry, long frameId, int offset, int length) {}

  /// Every entry of an intact journal, in order.
  public static List<Placed> entries(NavigableMap<Long, byte[]> frames) {
    var found = new ArrayList<Placed>();
    frames.forEach((id, bytes) -> {
      int count = Frame.read(bytes).entries();
      int offset = Frame.HEADER_BYTES;
      for (int i = 0; i < count; i++) {
        int length = EntryCodec.lengthAt(bytes, offset);
        found.add(new Placed(EntryCodec.decode(bytes, offset), id, offset, length));
        offset += length;
      }
    });
    return found;
  }

  /// The frames that are other ones then: from the first change on, since each names the one
  /// before.
  public static NavigableMap<Long, byte[]> rewrite(
      NavigableMap<Long, byte[]> frames, Function<Entry, Change> changes) {
    var changed = new TreeMap<Long, byte[]>();
    var codec = new EntryCodec();
    Map<SessionId, Hash> heads = new HashMap<>();
    FrameHead head = null;
    for (Map.Entry<Long, byte[]> frame : frames.entrySet()) {
      var encoded = new ArrayList<byte[]>();
      boolean differs = !changed.isEmpty();
      var own = new TreeMap<Long, byte[]>();
      own.put(frame.getKey(), frame.getValue());
      for (Placed placed : entries(own)) {
        Entry entry = placed.entry();
        Change change = changes.apply(entry);
        differs |= change != Change.NONE;
        Hash before = heads.get(entry.sessionId());
        byte[] body = change == Change.ANOTHER_BODY ? new byte[] {'?'} : entry.body();
        boolean rechained = before != null || change == Change.ANOTHER_BODY;
        if (change == Change.ANOTHER_HASH) {
          encoded.add(encode(codec, entry, body, Hash.sha256(body)).bytes());
        } else if (rechained) {
          Hash previous = before == null ? previousOf(frames, entry) : before;
          EntryCodec.Encoded again = encode(codec, entry, body, previous);
          heads.put(entry.sessionId(), again.hash());
          encoded.add(again.bytes());
        } else {
          encoded.add(
              java.util.Arrays.copyOfRange(
                  frame.getValue(), placed.offset(), placed.offset() + placed.length()));
        }
        if (change == Change.TWICE) {
          encoded.add(encoded.getLast());
        }
      }
      byte[] bytes = frame.getValue();
      if (differs && head != null) {
        bytes = Frame.of(head, Frame.read(bytes).epoch(), encoded).bytes();
        changed.put(frame.getKey(), bytes);
      }
      head = new FrameHead(frame.getKey(), Hash.sha256(bytes));
    }
    return changed;
  }

  private static Hash previousOf(NavigableMap<Long, byte[]> frames, Entry entry) {
    return entries(frames).stream()
        .map(Placed::entry)
        .filter(other -> other.sessionId().equals(entry.sessionId()))
        .filter(other -> other.seq() == entry.seq() - 1)
        .findFirst()
        .orElseThrow()
        .hash();
  }

  private static EntryCodec.Encoded encode(
      EntryCodec codec, Entry entry, byte[] body, Hash previous) {
    return codec.encode(
        entry.sessionId(),
        entry.seq(),
        entry.epoch(),
        entry.timeMillis(),
        entry.commandDigest(),
        entry.principal(),
        entry.operationId(),
        entry.type(),
        body,
        previous);
  }
}
