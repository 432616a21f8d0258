package dev.planaria.engine.recovery;

import dev.planaria.engine.checkpoint.BadCheckpoint;
import dev.planaria.engine.checkpoint.CheckpointContent;
import dev.planaria.engine.checkpoint.CheckpointLoader;
import dev.planaria.engine.checkpoint.LoadedCheckpoint;
import dev.planaria.engine.checkpoint.SessionImage;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Hash;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.FrameSpans;
import dev.planaria.engine.storage.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/// Reads what a session is made of: the newest checkpoint that is intact, and the operations behind
/// it. When the newest checkpoint is damaged an older one is taken and the longer tail is read, so
/// that nothing is lost. Thread-safe.
public final class SessionLoader {

  private final Store store;

  /// @param store where everything lies
  public SessionLoader(Store store) {
    this.store = store;
  }

  /// What was read.
  ///
  /// @param checkpoint what to start from; empty for the beginning of the session
  /// @param bad newer checkpoints that could not be used, newest first
  /// @param entries the operations behind the checkpoint, in order; those that a bad checkpoint had
  ///   contained are proven to be a chain
  public record Loaded(
      Optional<LoadedCheckpoint> checkpoint, List<BadCheckpoint> bad, List<Entry> entries) {

    /// Copies the lists.
    public Loaded {
      bad = List.copyOf(bad);
      entries = List.copyOf(entries);
    }

    /// The session that this makes.
    ///
    /// @throws RecoveryFailed when it makes none
    public CheckpointContent replay() {
      return Replay.run(checkpoint.map(LoadedCheckpoint::content), entries);
    }
  }

  /// Reads a session as a scan found it.
  ///
  /// @throws DamagedException when operations are needed that are not intact or not there
  public Loaded load(SessionTail tail) {
    long contained = tail.checkpointSeq();
    if (contained == 0) {
      // No checkpoint can hold any of it, so that none is asked for.
      return new Loaded(Optional.empty(), List.of(), new EntryReader(store).read(tail));
    }
    var search = new CheckpointLoader(store).newest(tail.id(), contained);
    var entries = new ArrayList<Entry>();
    readBehind(tail.id(), search.used(), contained, seq -> store.spansHolding(tail.id(), seq))
        .forEach(entries::add);
    if (!entries.isEmpty() && !entries.getLast().hash().equals(tail.checkpointHash())) {
      throw new DamagedException(
          "operation " + contained + " is not the one that the checkpoint ended with");
    }
    entries.addAll(new EntryReader(store).read(tail));
    return new Loaded(search.used(), search.bad(), entries);
  }

  /// The session as it was after an operation: the nearest checkpoint at or below, and what
  /// follows, from the store and its archive as one. Changes nothing.
  ///
  /// @param session which
  /// @param seq the operation, from 1 to the newest
  /// @param indexOf the index that holds a seq, if any
  /// @throws DamagedException when an operation that is needed is not intact or not there
  /// @throws RecoveryFailed when the operations make no session
  /// @throws dev.planaria.engine.state.UndecodableException when an operation cannot be read
  public SessionImage stateAt(
      SessionId session, long seq, LongFunction<Optional<FrameSpans>> indexOf) {
    if (seq < 1) {
      throw new IllegalArgumentException("operations are numbered from 1, not " + seq);
    }
    var search = new CheckpointLoader(store).newest(session, seq);
    var entries = readBehind(session, search.used(), seq, indexOf);
    return new Loaded(search.used(), search.bad(), entries).replay().image();
  }

  /// The operations behind a checkpoint up to a seq, as a chain.
  private List<Entry> readBehind(
      SessionId session,
      Optional<LoadedCheckpoint> checkpoint,
      long toSeq,
      LongFunction<Optional<FrameSpans>> indexOf) {
    var image = checkpoint.map(found -> found.content().image());
    long from = image.map(SessionImage::seq).orElse(0L) + 1;
    var chain = new Chain(from, image.map(SessionImage::hash).orElse(Hash.ZERO));
    if (from <= toSeq) {
      var range = new JournalWalk.Range(session, from, toSeq, Integer.MAX_VALUE);
      JournalWalk.run(new EntryReader(store), indexOf, range, chain::add);
      if (chain.nextSeq <= toSeq) {
        throw new DamagedException("operation " + chain.nextSeq + " is nowhere to be found");
      }
    }
    return chain.entries;
  }

  /// Entries that were proven to follow each other.
  private static final class Chain {
    private final EntryCodec codec = new EntryCodec();
    private final List<Entry> entries = new ArrayList<>();
    private long nextSeq;
    private Hash hash;

    private Chain(long firstSeq, Hash before) {
      this.nextSeq = firstSeq;
      this.hash = before;
    }

    private void add(Entry entry) {
      if (entry.seq() != nextSeq || !codec.follows(hash, entry)) {
        throw new DamagedException(
            "operation " + entry.seq() + " does not follow the one before it");
      }
      entries.add(entry);
      hash = entry.hash();
      nextSeq++;
    }
  }
}
