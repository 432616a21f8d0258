package dev.planaria.engine.session;

import dev.planaria.engine.journal.Entry;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.Forgery;
import dev.planaria.engine.storage.Forgery.Change;
import dev.planaria.engine.storage.Forgery.Placed;
import dev.planaria.engine.storage.StoredBytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/// Harms some sessions of a stored swarm, each in one way.
final class HarmedSwarm {

  /// Of the bytes behind an entry's body.
  private static final int TRAILER = 36;

  private static final int EPOCH_AT = 15;

  final Map<SessionId, Harm> harmed = new LinkedHashMap<>();
  final List<SessionId> sound = new ArrayList<>();
  private final StoredBytes store;
  private final Swarm swarm;
  private final Random random;

  /// @param damages how many sessions are harmed; those that live alone among them
  HarmedSwarm(StoredBytes store, Swarm swarm, int damages, Random random) {
    this.store = store;
    this.swarm = swarm;
    this.random = random;
    var apart = new ArrayList<>(swarm.alone);
    var shared = new ArrayList<Harm>();
    for (int i = 0; i < damages; i++) {
      Harm harm = Harm.ALL.get(i % Harm.ALL.size());
      if (harm.isShared()) {
        shared.add(harm);
      } else {
        harmed.put(apart.removeLast(), harm);
      }
    }
    chooseSharing(shared);
    swarm.ledgers.keySet().stream().filter(id -> !harmed.containsKey(id)).forEach(sound::add);
    forge();
    breakFrames();
    harmed.forEach((id, harm) -> harm.toCheckpoints(store, id, sound.getFirst()));
  }

  /// How many sessions must live alone for so many damages.
  static int apart(int damages) {
    int count = 0;
    for (int i = 0; i < damages; i++) {
      count += Harm.ALL.get(i % Harm.ALL.size()).isShared() ? 0 : 1;
    }
    return count;
  }

  /// Each in a frame of its own, as far as damages go: of two that lie beside each other in one
  /// frame nobody could tell whose they were.
  private void chooseSharing(List<Harm> harms) {
    var places = new Places(store);
    Set<Long> taken = new HashSet<>();
    var candidates = new ArrayList<>(swarm.together.subList(1, swarm.together.size()));
    java.util.Collections.shuffle(candidates, random);
    for (Harm harm : harms) {
      SessionId chosen =
          candidates.stream()
              .filter(id -> !taken.contains(places.of(id, harm.lostSteps.getFirst()).frameId()))
              .findFirst()
              .orElseThrow(() -> new AssertionError("too few frames for so many damages"));
      candidates.remove(chosen);
      taken.add(places.of(chosen, harm.lostSteps.getFirst()).frameId());
      harmed.put(chosen, harm);
    }
  }

  /// Where each step of each session lies.
  private static final class Places {
    private final Map<SessionId, Map<String, Placed>> places = new HashMap<>();

    private Places(StoredBytes store) {
      for (Placed placed : Forgery.entries(store.frames())) {
        Entry entry = placed.entry();
        places
            .computeIfAbsent(entry.sessionId(), _ -> new HashMap<>())
            .put(entry.operationId(), placed);
      }
    }

    private Map<String, Placed> of(SessionId id) {
      return Objects.requireNonNull(places.get(id));
    }

    private Placed of(SessionId id, String step) {
      return Objects.requireNonNull(of(id).get(step));
    }
  }

  private void forge() {
    store.putFrames(Forgery.rewrite(store.frames(), this::change));
  }

  private Change change(Entry entry) {
    Harm harm = harmed.get(entry.sessionId());
    if (harm == Harm.ENTRY_OUT_OF_CHAIN && entry.operationId().equals("t2")) {
      return Change.ANOTHER_HASH;
    }
    if (harm == Harm.ENTRY_UNDECODABLE && entry.operationId().equals("t2")) {
      return Change.ANOTHER_BODY;
    }
    return harm == Harm.ENTRY_TWICE && entry.operationId().equals("t1")
        ? Change.TWICE
        : Change.NONE;
  }

  private void breakFrames() {
    var places = new Places(store);
    NavigableMap<Long, byte[]> frames = store.frames();
    var changed = new TreeMap<Long, byte[]>();
    harmed.forEach((id, harm) -> {
      switch (harm) {
        case ENTRY_BYTE, ENTRY_THAT_OTHERS_NEED ->
            flip(frames, changed, places.of(id, harm.lostSteps.getFirst()));
        case BEGINNING_LOST -> flip(frames, changed, places.of(id, "open"));
        case NOTHING_LEFT ->
            places.of(id).values().forEach(placed -> flip(frames, changed, placed));
        case FRAME_MISSING -> changed.put(places.of(id, "t3").frameId(), new byte[0]);
        case FRAME_HEADER -> {
          long frame = places.of(id, "t2").frameId();
          byte[] bytes = Objects.requireNonNull(frames.get(frame)).clone();
          bytes[EPOCH_AT] ^= 1;
          changed.put(frame, bytes);
        }
        default -> {
          // Its frames stay as they are.
        }
      }
    });
    store.putFrames(changed);
  }

  private static void flip(
      NavigableMap<Long, byte[]> frames, NavigableMap<Long, byte[]> changed, Placed placed) {
    byte[] present =
        changed.containsKey(placed.frameId())
            ? changed.get(placed.frameId())
            : frames.get(placed.frameId());
    byte[] bytes = Objects.requireNonNull(present).clone();
    bytes[placed.offset() + placed.length() - TRAILER - 4] ^= 1;
    changed.put(placed.frameId(), bytes);
  }
}
