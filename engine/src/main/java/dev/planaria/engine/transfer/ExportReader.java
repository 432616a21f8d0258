package dev.planaria.engine.transfer;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.OperationKey;
import dev.planaria.engine.checkpoint.RememberedOperation;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.SessionState;
import dev.planaria.engine.state.StateCodec;
import dev.planaria.engine.state.UndecodableException;
import dev.planaria.engine.transfer.ExportFormat.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// Reads an export block by block and believes none of it before its sums hold: each block's, each
/// entry's, the hash chain's from the start to the head, and the file's. Holds one block and the
/// start in memory. Not thread-safe; one instance for one pass.
public final class ExportReader {

  private final InputStream in;
  private final ExportLimits limits;
  private final TransferGuarantees guarantees;
  private final MessageDigest sha256 = EntryCodec.newSha256();
  private final EntryCodec codec = new EntryCodec();
  private final ExportHead head;
  private byte[] digestBefore = new byte[0];
  private long read;
  private long blocks;
  private long entries;
  private long seq;
  private Hash hash = Hash.ZERO;

  /// Gets what an export holds, in order.
  public interface Visitor {

    /// The state that it begins with; not called when it begins with the session's first operation.
    void start(CheckpointContent content);

    /// An operation whose place in the chain was checked. Behind a start, the first is the one that
    /// led to it.
    ///
    /// @param entry the operation
    /// @param encoded as the journal has it
    void entry(Entry entry, byte[] encoded);
  }

  // The bytes are handed on, never compared: a copy of each would cost more than it protects.
  @SuppressWarnings("ArrayRecordComponent")
  private record Block(Kind kind, byte[] content) {}

  /// Reads the head.
  ///
  /// @throws MalformedExport when it is none, or of a version that cannot be read
  public ExportReader(InputStream in, ExportLimits limits, TransferGuarantees guarantees)
      throws IOException {
    this.in = in;
    this.limits = limits;
    this.guarantees = guarantees;
    ByteBuffer beginning = ByteBuffer.wrap(bytes(12));
    if (beginning.getLong() != ExportFormat.MAGIC) {
      throw new MalformedExport("the file is no export of a session");
    }
    int version = beginning.getInt();
    if (version != ExportFormat.VERSION) {
      throw new MalformedExport(
          "the export has format version "
              + Integer.toUnsignedString(version)
              + ", and this version of planaria reads "
              + ExportFormat.VERSION
              + "; use one that writes format "
              + Integer.toUnsignedString(version)
              + ", which is a newer one");
    }
    Block first = block();
    if (first.kind() != Kind.HEAD) {
      throw new MalformedExport("the export does not begin with its head");
    }
    this.head = ExportHead.decode(first.content());
  }

  /// What the export says of itself; to be believed when [#read] has returned.
  public ExportHead head() {
    return head;
  }

  /// Reads all of it.
  ///
  /// @return the SHA-256 that the file ends with
  /// @throws MalformedExport at the first thing that is wrong; what the visitor was given is not to
  ///   be used then
  public Hash read(Visitor visitor) throws IOException {
    try {
      Block next = block();
      if (head.startSeq() > 0) {
        next = start(next, visitor);
      }
      while (next.kind() == Kind.ENTRIES) {
        entries(next.content(), visitor);
        next = block();
      }
      if (next.kind() != Kind.TRAILER) {
        throw new MalformedExport("a block of the export is not where it belongs");
      }
      Hash sum = trailer(next.content());
      requireEnd();
      return sum;
    } catch (DamagedException | UndecodableException e) {
      throw new MalformedExport("the export is damaged: " + e.getMessage(), e);
    }
  }

  private Block start(Block first, Visitor visitor) throws IOException {
    if (first.kind() != Kind.OPERATIONS) {
      throw new MalformedExport("the state that the export begins with is missing");
    }
    var pieces = new ArrayList<InputStream>();
    long stateBytes = 0;
    Block next = block();
    while (next.kind() == Kind.STATE) {
      stateBytes += next.content().length;
      if (stateBytes > limits.stateBytes()) {
        throw limits.exceeded(
            "the state in the export has more than " + limits.stateBytes() + " bytes",
            "stateBytes",
            limits.stateBytes());
      }
      pieces.add(new ByteArrayInputStream(next.content()));
      next = block();
    }
    SessionState state =
        StateCodec.decode(new SequenceInputStream(Collections.enumeration(pieces)));
    if (!state.id().equals(head.sessionId()) || !state.name().equals(head.name())) {
      throw new MalformedExport("the state in the export is of another session");
    }
    visitor.start(content(ByteBuffer.wrap(first.content()), state));
    return next;
  }

  private CheckpointContent content(ByteBuffer bytes, SessionState state) {
    if (bytes.remaining() < 12) {
      throw new MalformedExport("the operation ids in the export are cut short");
    }
    long forgottenBefore = bytes.getLong();
    int count = bytes.getInt();
    if (count < 0 || bytes.remaining() != (long) count * ExportFormat.OPERATION_BYTES) {
      throw new MalformedExport("the operation ids in the export are not as many as it says");
    }
    List<RememberedOperation> operations = new ArrayList<>(count);
    long before = 0;
    for (int i = 0; i < count; i++) {
      var key = new OperationKey(bytes.getLong(), bytes.getLong());
      var operation =
          new RememberedOperation(key, bytes.getLong(), bytes.getLong(), bytes.getLong());
      if (operation.position() <= before || operation.position() > head.startSeq()) {
        throw new MalformedExport("the operation ids in the export are not in order");
      }
      before = operation.position();
      operations.add(operation);
    }
    return new CheckpointContent(
        new SessionImage(state, head.startSeq(), head.startHash()), operations, forgottenBefore);
  }

  private void entries(byte[] content, Visitor visitor) {
    int offset = 0;
    while (offset < content.length) {
      int length = EntryCodec.lengthAt(content, offset);
      Entry entry = EntryCodec.decode(content, offset);
      if (++entries > limits.entries()) {
        throw limits.exceeded(
            "the export has more than " + limits.entries() + " operations",
            "entries",
            limits.entries());
      }
      if (guarantees.chain()) {
        requireNext(entry, content, offset);
      }
      seq = entry.seq();
      hash = entry.hash();
      visitor.entry(entry, Arrays.copyOfRange(content, offset, offset + length));
      offset += length;
    }
  }

  private void requireNext(Entry entry, byte[] content, int offset) {
    if (!entry.sessionId().equals(head.sessionId())) {
      throw new MalformedExport(
          "the export holds an operation of another session, " + entry.sessionId());
    }
    boolean first = entries == 1;
    long expected = first ? Math.max(1, head.startSeq()) : seq + 1;
    if (entry.seq() != expected) {
      throw new MalformedExport(
          "operation "
              + entry.seq()
              + " stands in the export where operation "
              + expected
              + " belongs");
    }
    boolean follows =
        (first && head.startSeq() > 0)
            ? entry.hash().equals(head.startHash())
            : codec.follows(hash, content, offset);
    if (!follows) {
      throw new MalformedExport(
          "operation " + entry.seq() + " does not follow the one before it in the hash chain");
    }
  }

  private Hash trailer(byte[] content) {
    if (content.length != ExportFormat.TRAILER_BYTES) {
      throw new MalformedExport("the trailer of the export is not as long as it must be");
    }
    ByteBuffer bytes = ByteBuffer.wrap(content);
    long blocksSaid = bytes.getLong();
    long entriesSaid = bytes.getLong();
    byte[] sum = new byte[Hash.BYTES];
    bytes.get(sum);
    boolean holds =
        blocksSaid == blocks - 1
            && entriesSaid == entries
            && MessageDigest.isEqual(sum, digestBefore);
    if (guarantees.fileSum() && !holds) {
      throw new MalformedExport("the SHA-256 of the export, or one of its counts, does not hold");
    }
    boolean atHead = seq == head.headSeq() && hash.equals(head.headHash());
    if (guarantees.chain() && !atHead) {
      throw new MalformedExport(
          "the export ends with operation " + seq + ", not with its head, " + head.headSeq());
    }
    return Hash.readFrom(ByteBuffer.wrap(sum));
  }

  private void requireEnd() throws IOException {
    if (in.read() != -1) {
      throw new MalformedExport("the file goes on behind the end of the export");
    }
  }

  private Block block() throws IOException {
    digestBefore = digestSoFar();
    byte[] start = bytes(ExportFormat.BLOCK_HEAD);
    ByteBuffer lengths = ByteBuffer.wrap(start);
    Kind kind = Kind.of(lengths.get());
    int raw = lengths.getInt();
    int packed = lengths.getInt();
    if (kind == null) {
      throw new MalformedExport("a block of the export is of no known kind");
    }
    if (raw < 0 || raw > limits.blockBytes() || packed < 0 || packed > limits.blockBytes()) {
      throw limits.exceeded(
          "a block of the export claims "
              + Integer.toUnsignedString(Math.max(raw, packed))
              + " bytes",
          "blockBytes",
          limits.blockBytes());
    }
    byte[] content = bytes(packed);
    int crc = ByteBuffer.wrap(bytes(4)).getInt();
    if (guarantees.blockSums() && crc != ExportFormat.crc(start, content)) {
      throw new MalformedExport("the CRC of a block of the export does not hold");
    }
    blocks++;
    return new Block(kind, unpacked(content, raw));
  }

  private static byte[] unpacked(byte[] packed, int length) {
    try {
      if (Zstd.getFrameContentSize(packed) != length) {
        throw new MalformedExport("a block of the export is not as long as it says");
      }
      byte[] raw = Zstd.decompress(packed, length);
      if (raw.length != length) {
        throw new MalformedExport("a block of the export is not as long as it says");
      }
      return raw;
    } catch (ZstdException e) {
      throw new MalformedExport("a block of the export cannot be unpacked: " + e.getMessage(), e);
    }
  }

  private byte[] digestSoFar() {
    try {
      return ((MessageDigest) sha256.clone()).digest();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("Java's own SHA-256 can be copied", e);
    }
  }

  private byte[] bytes(int length) throws IOException {
    read += length;
    if (read > limits.fileBytes()) {
      throw limits.exceeded(
          "the file has more than " + limits.fileBytes() + " bytes",
          "fileBytes",
          limits.fileBytes());
    }
    byte[] bytes = in.readNBytes(length);
    if (bytes.length != length) {
      throw new MalformedExport("the export is cut short");
    }
    sha256.update(bytes);
    return bytes;
  }
}
