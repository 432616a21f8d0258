package dev.planaria.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.planaria.engine.session.StoreImage.Part;
import dev.planaria.engine.storage.sqlite.StoreGuarantees;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Damages the files of a small store in every way, one at a time, and reads everything that it
/// holds: the damage is reported, or every value is what it was.
class StoreDamageTest {

  /// How many places of each file are damaged; a large number damages every byte.
  private static final int PLACES = Integer.getInteger("planaria.damages", 400);

  private static final int PAGE = 4096;
  private static final int LOG_HEADER = 32;
  private static final int LOG_FRAME = 24 + PAGE;

  @TempDir Path directory;
  private final long seed = Long.getLong("planaria.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
  private final List<String> silent = new ArrayList<>();
  private final List<String> late = new ArrayList<>();
  private StoreImage image;
  private EverythingStored sound;

  @BeforeEach
  void makeStore() throws Exception {
    image = new StoreImage(directory.resolve("source"));
    StoreImage.write(image.parts, directory.resolve("copy"));
    sound = EverythingStored.read(directory.resolve("copy"), image, StoreGuarantees.ALL);
    assertThat(sound.errors()).isEmpty();
    assertThat(sound.isReported()).isFalse();
    assertThat(sound.values()).hasSizeGreaterThan(40);
  }

  /// What became of a damage.
  private enum Outcome {
    /// The store was not opened.
    REFUSED,
    /// Some values are not returned, and an error says why; the others are what they were.
    CONTAINED,
    /// Every value is returned as it was, and something is reported.
    REPORTED,
    /// A value differs, and something is reported at once.
    CHANGED_AND_REPORTED,
    /// A value differs, and only a verification reports it.
    CHANGED_UNTIL_VERIFIED,
    /// Nothing is reported, and nothing differs.
    HARMLESS,
    /// A value differs, and nothing is reported.
    SILENT
  }

  private void damage(String what, Map<Part, byte[]> parts, StoreGuarantees guarantees)
      throws Exception {
    Path copy = directory.resolve("copy");
    StoreImage.write(parts, copy);
    EverythingStored found;
    try {
      found = EverythingStored.read(copy, image, guarantees);
    } catch (RuntimeException e) {
      throw new AssertionError("seed " + seed + ", " + what, e);
    }
    List<String> changes = found.changesFrom(sound);
    Outcome outcome;
    if (found.errors().containsKey("the store")) {
      outcome = Outcome.REFUSED;
    } else if (!changes.isEmpty()) {
      outcome =
          found.isReportedAtOnce()
              ? Outcome.CHANGED_AND_REPORTED
              : found.isReported() ? Outcome.CHANGED_UNTIL_VERIFIED : Outcome.SILENT;
    } else if (!found.errors().isEmpty()) {
      outcome = Outcome.CONTAINED;
    } else {
      outcome = found.isReported() ? Outcome.REPORTED : Outcome.HARMLESS;
    }
    counts.merge(outcome, 1, Integer::sum);
    if (outcome == Outcome.CHANGED_UNTIL_VERIFIED) {
      late.add(what + ": " + changes);
    }
    if (outcome == Outcome.SILENT) {
      silent.add(what + ": " + changes);
    }
  }

  private byte[] bytes(Part part) {
    return Objects.requireNonNull(image.parts.get(part)).clone();
  }

  /// Places in a file: evenly spread, from a random one on.
  private List<Integer> places(int size) {
    int stride = Math.max(1, size / PLACES);
    var places = new ArrayList<Integer>();
    for (int place = random.nextInt(stride); place < size; place += stride) {
      places.add(place);
    }
    return places;
  }

  private void flips(Part part, StoreGuarantees guarantees) throws Exception {
    for (int place : places(bytes(part).length)) {
      byte[] flipped = bytes(part);
      int bit = random.nextInt(8);
      flipped[place] ^= (byte) (1 << bit);
      damage(part + ", byte " + place + ", bit " + bit, image.with(part, flipped), guarantees);
    }
  }

  private void report(String what) {
    System.out.println("damage, " + what + ": seed " + seed + ", " + counts);
    late.stream().limit(10).forEach(one -> System.out.println("  noticed late: " + one));
  }

  private void assertNothingSilent(String what) {
    report(what);
    assertThat(counts.keySet())
        .as("some damage was really reported")
        .containsAnyOf(
            Outcome.REFUSED,
            Outcome.CONTAINED,
            Outcome.REPORTED,
            Outcome.CHANGED_AND_REPORTED,
            Outcome.CHANGED_UNTIL_VERIFIED);
    assertThat(silent).as("seed %d", seed).isEmpty();
  }

  @Test
  void a_flipped_byte_of_the_database_is_reported_or_changes_nothing() throws Exception {
    flips(Part.DATABASE, StoreGuarantees.ALL);
    assertNothingSilent("flips in the database");
  }

  @Test
  void a_flipped_byte_of_the_log_is_reported_or_changes_nothing() throws Exception {
    flips(Part.LOG, StoreGuarantees.ALL);
    assertNothingSilent("flips in the log");
  }

  @Test
  void a_flipped_byte_of_the_witness_changes_nothing() throws Exception {
    flips(Part.WITNESS, StoreGuarantees.ALL);
    report("flips in the witness");
    assertThat(silent).isEmpty();
    assertThat(counts).containsOnlyKeys(Outcome.HARMLESS);
  }

  @Test
  void without_witness_and_scan_flips_in_the_log_go_unnoticed() throws Exception {
    flips(Part.LOG, new StoreGuarantees(false, false));
    report("flips in the log, nobody looks");
    assertThat(counts).containsKey(Outcome.SILENT);
    counts.clear();
    silent.clear();
    flips(Part.LOG, new StoreGuarantees(false, true));
    report("flips in the log, no witness");
    assertThat(counts).containsKey(Outcome.SILENT);
  }

  @Test
  void a_file_cut_at_any_length_is_reported_or_changes_nothing() throws Exception {
    for (Part part : Part.values()) {
      byte[] whole = bytes(part);
      for (int length : places(whole.length)) {
        byte[] cut = Arrays.copyOf(whole, length);
        damage(part + " cut at " + length, image.with(part, cut), StoreGuarantees.ALL);
      }
    }
    assertNothingSilent("cuts");
  }

  @Test
  void zeroed_and_swapped_pages_are_reported_or_change_nothing() throws Exception {
    pages(Part.DATABASE, 0, PAGE);
    pages(Part.LOG, LOG_HEADER, LOG_FRAME);
    assertNothingSilent("zeroed and swapped pages");
  }

  private void pages(Part part, int from, int size) throws Exception {
    int count = (bytes(part).length - from) / size;
    for (int i = 0; i < count; i++) {
      byte[] zeroed = bytes(part);
      Arrays.fill(zeroed, from + i * size, from + (i + 1) * size, (byte) 0);
      damage(part + ", page " + i + " zeroed", image.with(part, zeroed), StoreGuarantees.ALL);
      int other = (i + 1 + random.nextInt(count - 1)) % count;
      byte[] whole = bytes(part);
      byte[] swapped = whole.clone();
      System.arraycopy(whole, from + i * size, swapped, from + other * size, size);
      System.arraycopy(whole, from + other * size, swapped, from + i * size, size);
      damage(
          part + ", pages " + i + " and " + other + " swapped",
          image.with(part, swapped),
          StoreGuarantees.ALL);
    }
  }

  @Test
  void an_older_copy_of_a_file_is_reported_or_changes_nothing() throws Exception {
    for (Map<Part, byte[]> earlier : image.earlier) {
      int moment = image.earlier.indexOf(earlier);
      for (Part part : Part.values()) {
        byte[] old = earlier.get(part);
        if (old != null && !Arrays.equals(old, image.parts.get(part))) {
          damage(part + " of moment " + moment, image.with(part, old), StoreGuarantees.ALL);
        }
      }
      // A whole older store, put back beside the witness that was left out.
      var old = new EnumMap<>(earlier);
      old.put(Part.WITNESS, bytes(Part.WITNESS));
      damage("all but the witness of moment " + moment, old, StoreGuarantees.ALL);
    }
    assertNothingSilent("older copies");
  }

  @Test
  void an_older_page_of_the_database_is_reported_or_changes_nothing() throws Exception {
    for (Map<Part, byte[]> earlier : image.earlier) {
      byte[] old = earlier.getOrDefault(Part.DATABASE, new byte[0]);
      byte[] now = bytes(Part.DATABASE);
      for (int at = 0; at + PAGE <= Math.min(old.length, now.length); at += PAGE) {
        if (!Arrays.equals(old, at, at + PAGE, now, at, at + PAGE)) {
          byte[] mixed = now.clone();
          System.arraycopy(old, at, mixed, at, PAGE);
          damage(
              "page " + at / PAGE + " of moment " + image.earlier.indexOf(earlier),
              image.with(Part.DATABASE, mixed),
              StoreGuarantees.ALL);
        }
      }
    }
    assertNothingSilent("older pages");
  }
}
