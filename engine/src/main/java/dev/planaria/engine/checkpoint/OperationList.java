package dev.planaria.engine.checkpoint;

import java.nio.ByteBuffer;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;

/// Remembered operations as plain numbers, 40 bytes each: as objects they would be most of what a
/// session costs in memory. Immutable and thread-safe; the objects are made when they are asked
/// for.
public final class OperationList extends AbstractList<RememberedOperation> implements RandomAccess {

  /// Numbers for one operation.
  public static final int WORDS = 5;

  /// Which of them is the seq.
  public static final int SEQ = 3;

  /// Which of them is the time.
  public static final int TIME = 4;

  /// Bytes of one operation in [#writeTo].
  public static final int BYTES = WORDS * Long.BYTES;

  private final long[] words;
  private final int from;
  private final int size;

  private OperationList(long[] words, int from, int to) {
    Objects.checkFromToIndex(WORDS * from, WORDS * to, words.length);
    this.words = words;
    this.from = from;
    this.size = to - from;
  }

  /// Operations that lie in an array, from one index to another.
  ///
  /// @param words not copied: between the two indexes it must never change again
  public static OperationList in(long[] words, int from, int to) {
    return new OperationList(words, from, to);
  }

  /// The same operations, copied unless they are such a list already.
  public static OperationList copyOf(List<RememberedOperation> operations) {
    return operations instanceof OperationList list ? list : joined(List.of(operations));
  }

  /// Several lists as one.
  public static OperationList joined(List<? extends List<RememberedOperation>> lists) {
    int count = lists.stream().mapToInt(List::size).sum();
    var words = new long[WORDS * count];
    int at = 0;
    for (List<RememberedOperation> list : lists) {
      if (list instanceof OperationList compact) {
        System.arraycopy(
            compact.words, WORDS * compact.from, words, WORDS * at, WORDS * list.size());
        at += list.size();
      } else {
        for (RememberedOperation operation : list) {
          put(operation, words, at++);
        }
      }
    }
    return new OperationList(words, 0, count);
  }

  /// Puts an operation into an array.
  ///
  /// @param index which operation of the array it becomes
  public static void put(RememberedOperation operation, long[] words, int index) {
    int at = WORDS * index;
    words[at] = operation.key().high();
    words[at + 1] = operation.key().low();
    words[at + 2] = operation.commandDigest();
    words[at + SEQ] = operation.seq();
    words[at + TIME] = operation.timeMillis();
  }

  /// The operation at an index of an array.
  public static RememberedOperation get(long[] words, int index) {
    int at = WORDS * index;
    return new RememberedOperation(
        new OperationKey(words[at], words[at + 1]),
        words[at + 2],
        words[at + SEQ],
        words[at + TIME]);
  }

  /// Reads what [#writeTo] wrote.
  ///
  /// @throws java.nio.BufferUnderflowException when there is less
  public static OperationList readFrom(ByteBuffer in, int count) {
    var words = new long[WORDS * count];
    in.asLongBuffer().get(words);
    in.position(in.position() + BYTES * count);
    return new OperationList(words, 0, count);
  }

  /// Writes [#BYTES] for each operation, big-endian: the key (16), the command's digest, the seq,
  /// the time.
  public void writeTo(ByteBuffer out) {
    out.asLongBuffer().put(words, WORDS * from, WORDS * size);
    out.position(out.position() + BYTES * size);
  }

  /// What is left when everything before a seq is forgotten.
  OperationList from(long seq) {
    int first = 0;
    while (first < size && get(first).position() < seq) {
      first++;
    }
    return subList(first, size);
  }

  @Override
  public RememberedOperation get(int index) {
    return get(words, from + Objects.checkIndex(index, size));
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public OperationList subList(int start, int end) {
    Objects.checkFromToIndex(start, end, size);
    return new OperationList(words, from + start, from + end);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OperationList list
        ? Arrays.equals(
            words,
            WORDS * from,
            WORDS * (from + size),
            list.words,
            WORDS * list.from,
            WORDS * (list.from + list.size))
        : super.equals(other);
  }

  @Override
  public int hashCode() {
    return super.hashCode();
  }
}
