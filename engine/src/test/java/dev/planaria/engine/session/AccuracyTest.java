package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.checkpoint.CheckpointCodec;
import dev.planaria.engine.checkpoint.CheckpointInfo.Kind;
import dev.planaria.engine.checkpoint.StoredCheckpoint;
import dev.planaria.engine.integrity.Finding;
import dev.planaria.engine.integrity.VerificationReport;
import dev.planaria.engine.integrity.VerificationReport.Scope;
import dev.planaria.engine.integrity.VerificationReport.SessionCheck;
import dev.planaria.engine.journal.DamagedException;
import dev.planaria.engine.journal.EntryCodec;
import dev.planaria.engine.journal.Frame;
import dev.planaria.engine.journal.FrameHead;
import dev.planaria.engine.state.SessionId;
import dev.planaria.engine.storage.Forgery;
import dev.planaria.engine.storage.Store;
import dev.planaria.engine.storage.StoredBytes;
import dev.planaria.engine.storage.archive.Segment;
import dev.planaria.engine.storage.simulated.SimulatedBytes;
import dev.planaria.engine.storage.simulated.SimulatedDisk;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// How well damage is detected: every planted fault is found and named rightly, and nothing sound
/// is blamed.
class AccuracyTest {

  private static final int SESSIONS = 150;
  private static final int DAMAGES = 3 * Harm.ALL.size();

  private final TestEnvironment world = new TestEnvironment();
  private final long seed = Long.getLong("planaria.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final StoredBytes bytes = new SimulatedBytes(new SimulatedDisk());

  private SessionEngine open(Store store) {
    return SessionEngine.open(
        store, ContainmentTest.SETTINGS, world.environment(), null, EngineGuarantees.ALL);
  }

  private Swarm swarm(int sessions, int damages) {
    SessionEngine engine = open(bytes.open());
    var swarm = new Swarm(engine, sessions, HarmedSwarm.apart(damages), random);
    swarm.live();
    engine.abandon();
    return swarm;
  }

  private VerificationReport verified(boolean deep) {
    SessionEngine engine = open(bytes.open());
    VerificationReport report = engine.verify(new Scope(null, deep));
    engine.abandon();
    return report;
  }

  /// The code that must name a fault.
  private static String code(Harm harm) {
    return switch (harm) {
      case ENTRY_BYTE, ENTRY_THAT_OTHERS_NEED -> "ENTRY_DAMAGED";
      case ENTRY_OUT_OF_CHAIN -> "ENTRY_OUT_OF_CHAIN";
      case ENTRY_UNDECODABLE -> "ENTRY_UNREADABLE";
      case ENTRY_TWICE -> "ENTRY_REPEATED";
      case FRAME_MISSING -> "ENTRY_MISSING";
      case FRAME_HEADER -> "FRAME_DAMAGED";
      case CHECKPOINT_NEWEST,
          CHECKPOINT_PARENT,
          CHECKPOINT_BOTH,
          CHECKPOINT_UNDECODABLE,
          CHECKPOINT_OF_ANOTHER ->
          "CHECKPOINT_DAMAGED";
      case CHECKPOINT_GONE -> "CHECKPOINT_MISSING";
      case DANGLING_REFERENCE -> "DEPENDENCY_EXISTS";
      case VALUE_OUT_OF_BOUNDS -> "PROGRESS_WITHIN_BOUNDS";
      case BEYOND_REPAIR -> "ATTEMPTS_WITHIN_BOUNDS";
      case BEGINNING_LOST, NOTHING_LEFT -> "BEGINNING_LOST";
    };
  }

  /// Codes that may be named with it: what follows from it, and where it is seen once more.
  private static Set<String> consequences(Harm harm, boolean deep) {
    Set<String> codes = new TreeSet<>();
    if (EnumSet.range(Harm.ENTRY_BYTE, Harm.FRAME_MISSING).contains(harm)) {
      codes.addAll(List.of("ENTRY_MISSING", "ENTRY_DEPENDS_ON_LOST", "ENTRY_OUT_OF_CHAIN"));
    }
    if (harm == Harm.BEGINNING_LOST || harm == Harm.NOTHING_LEFT) {
      codes.addAll(
          List.of(
              "CHECKPOINT_DAMAGED",
              "ENTRY_DAMAGED",
              "ENTRY_MISSING",
              "ENTRY_OUT_OF_CHAIN",
              "POSSIBLE_LOSS"));
    }
    if (deep && (harm == Harm.DANGLING_REFERENCE || harm == Harm.VALUE_OUT_OF_BOUNDS)) {
      codes.add("CHECKPOINT_DIFFERS");
    }
    if (deep && harm == Harm.BEYOND_REPAIR) {
      codes.add("CHECKPOINT_DIFFERS");
    }
    return codes;
  }

  private static final class Score {
    private int planted;
    private int found;
    private int wrong;
  }

  private Map<String, Score> scores(
      VerificationReport report, Map<SessionId, Harm> harmed, boolean deep) {
    Map<String, Score> scores = new TreeMap<>();
    for (SessionCheck check : report.sessions()) {
      Harm harm = harmed.get(check.id());
      Set<String> codes = new TreeSet<>();
      check.findings().stream().map(Finding::code).forEach(codes::add);
      Set<String> allowed = new TreeSet<>();
      if (harm != null && harm.isFound()) {
        Score score = scores.computeIfAbsent(code(harm), _ -> new Score());
        score.planted++;
        score.found += codes.contains(code(harm)) ? 1 : 0;
        allowed.add(code(harm));
        allowed.addAll(consequences(harm, deep));
      }
      for (String code : codes) {
        if (!allowed.contains(code)) {
          scores.computeIfAbsent(code, _ -> new Score()).wrong++;
          System.out.println("blamed: " + harm + " with " + code + " " + check.findings());
        }
      }
    }
    return scores;
  }

  @Test
  void every_planted_fault_is_named_and_nothing_sound_is_blamed() {
    Swarm swarm = swarm(SESSIONS, DAMAGES);
    for (boolean deep : List.of(false, true)) {
      assertThat(verified(deep).findings()).as("a sound store, seed %d", seed).isEmpty();
    }
    var harmed = new HarmedSwarm(bytes, swarm, DAMAGES, random);
    for (boolean deep : List.of(false, true)) {
      VerificationReport report = verified(deep);
      Map<String, Score> scores = scores(report, harmed.harmed, deep);
      scores.forEach((code, score) ->
          System.out.printf(
              "accuracy of %s, %s: %d planted, recall %.1f %%, precision %.1f %% (seed %d)%n",
              code,
              deep ? "deep" : "quick",
              score.planted,
              100.0 * score.found / Math.max(1, score.planted),
              100.0 * score.found / Math.max(1, score.found + score.wrong),
              seed));
      assertThat(scores.values())
          .as("seed %d", seed)
          .isNotEmpty()
          .allSatisfy(score -> {
            assertThat(score.planted).isPositive();
            assertThat(score.found).isEqualTo(score.planted);
            assertThat(score.wrong).isZero();
          });
      // A frame's header is nobody's.
      assertThat(report.ofStore()).anyMatch(found -> found.code().equals("FRAME_DAMAGED"));
      // What is said of a session is what becomes of it.
      for (SessionCheck check : report.sessions()) {
        Harm harm = harmed.harmed.get(check.id());
        assertThat(check.strategy())
            .as("%s, seed %d", harm, seed)
            .isEqualTo(harm == null ? "IMMEDIATE_RESTART" : harm.strategy().name());
      }
    }
  }

  /// Flips every bit of some bytes, one at a time; returns how many were not noticed.
  private static int unnoticed(byte[] sound, Consumer<byte[]> read) {
    read.accept(sound);
    int unnoticed = 0;
    for (int bit = 0; bit < 8 * sound.length; bit++) {
      byte[] flipped = sound.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      try {
        read.accept(flipped);
        unnoticed++;
      } catch (DamagedException noticed) {
        assertThat(noticed.getMessage()).isNotBlank();
      }
    }
    return unnoticed;
  }

  @Test
  void every_flipped_bit_of_a_block_is_noticed() {
    Swarm swarm = swarm(3, 0);
    SessionId id = swarm.together.getFirst();
    Map<String, Integer> missed = new HashMap<>();
    Map<String, Integer> flips = new TreeMap<>();
    for (StoredCheckpoint checkpoint : bytes.checkpoints(id)) {
      String what = checkpoint.info().kind() == Kind.FULL ? "full checkpoint" : "delta";
      flips.put(what, 8 * checkpoint.body().length);
      missed.merge(
          what,
          unnoticed(
              checkpoint.body(),
              body -> {
                var _ =
                    CheckpointCodec.read(
                        new StoredCheckpoint(
                            checkpoint.info(), checkpoint.hash(), checkpoint.sha256(), body));
              }),
          Integer::sum);
    }
    List<byte[]> frames = new ArrayList<>(bytes.frames().values()).subList(0, 2);
    byte[] segment = Segment.of(FrameHead.START, frames).encode();
    flips.put("segment", 8 * segment.length);
    missed.put("segment", unnoticed(segment, file -> Segment.decode(file)));
    byte[] frame = frames.getFirst();
    flips.put("frame", 8 * frame.length);
    missed.put("frame", unnoticed(frame, changed -> Frame.read(changed)));
    Forgery.Placed placed = Forgery.entries(bytes.frames()).getFirst();
    byte[] entry =
        java.util.Arrays.copyOfRange(frame, placed.offset(), placed.offset() + placed.length());
    flips.put("entry", 8 * entry.length);
    missed.put("entry", unnoticed(entry, changed -> EntryCodec.decode(changed, 0)));
    System.out.println("flipped bits: " + flips + ", unnoticed: " + missed);
    assertThat(flips).hasSize(5);
    assertThat(missed.values()).containsOnly(0);
  }
}
