package dev.planaria.app.house;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Which package may use which, and who may touch the real clock and real randomness.
///
/// The rules are relative to a root package, so that they can be tried on a sample that breaks
/// them.
final class ArchitectureRules {

  /// Top-down: a package uses only packages in rows below its own, never one above and never one
  /// beside it. A package belongs to the longest name here that it starts with.
  private static final List<List<String>> LAYERS =
      List.of(
          List.of("app.cli"),
          List.of("app.daemon"),
          List.of("app.front", "app.gateway", "app.shim"),
          List.of("app.dashboard"),
          List.of("app.api", "app.gateway.clients"),
          List.of(
              "app.gateway.access",
              "app.gateway.calls",
              "app.gateway.connections",
              "app.metrics",
              "app.tools"),
          List.of("app.health"),
          List.of("app.alerts"),
          List.of("app.gateway.copies"),
          List.of("app.gateway.replay", "app.gateway.upstreams"),
          List.of("app.gateway.wire"),
          List.of("app.files", "app.traces"),
          List.of("chaos.junit"),
          List.of("chaos.experiment"),
          List.of(
              "chaos.client",
              "chaos.disk",
              "chaos.link",
              "chaos.power",
              "chaos.process",
              "chaos.server",
              "chaos.simulation"),
          List.of("chaos.ledger", "chaos.system"),
          List.of("chaos.report"),
          List.of("chaos.fault"),
          List.of("engine.metrics"),
          List.of("engine.session"),
          List.of("engine.transfer"),
          List.of("engine.recovery"),
          List.of("engine.integrity"),
          List.of("engine.storage.simulated", "engine.storage.sqlite"),
          List.of("engine.storage"),
          List.of("engine.checkpoint"),
          List.of("engine.journal"),
          List.of("engine.state"),
          List.of("engine.json"));

  /// Packages that may use less than what lies below them. The front outlives every worker and must
  /// stay small, so it knows JSON and the crash event, and nothing of sessions or MCP. The shim
  /// stays small because each client launches one for each server.
  private static final Map<String, Set<String>> NARROWED =
      Map.of(
          "app.front", Set.of("engine.json", "engine.recovery"),
          "app.shim", Set.of("engine.json"));

  /// Where time, randomness and ids come from; everything else has them handed in.
  private static final Set<String> WIRING = Set.of("app.daemon", "chaos.junit");

  private static final Map<String, Set<String>> REAL_SOURCES =
      Map.ofEntries(
          Map.entry("java.lang.System", Set.of("currentTimeMillis", "nanoTime")),
          Map.entry("java.lang.Thread", Set.of("sleep")),
          Map.entry("java.util.concurrent.TimeUnit", Set.of("sleep")),
          Map.entry("java.time.Instant", Set.of("now")),
          Map.entry("java.time.LocalDate", Set.of("now")),
          Map.entry("java.time.LocalDateTime", Set.of("now")),
          Map.entry("java.time.OffsetDateTime", Set.of("now")),
          Map.entry("java.time.ZonedDateTime", Set.of("now")),
          Map.entry("java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system")),
          Map.entry("java.util.UUID", Set.of("randomUUID")),
          Map.entry("java.lang.Math", Set.of("random")),
          Map.entry("java.util.Random", Set.of("<init>")),
          Map.entry("java.security.SecureRandom", Set.of("<init>", "getInstanceStrong")),
          Map.entry("java.util.concurrent.ThreadLocalRandom", Set.of("current")));

  private final String root;

  /// @param root the package under which the table's names stand
  ArchitectureRules(String root) {
    this.root = root;
  }

  /// Uses of a package above, beside, or outside what the user is narrowed to; and packages that
  /// have no place in the table.
  List<String> wrongDirections(JavaClasses classes) {
    return classes.stream()
        .flatMap(user ->
            Stream.concat(
                unplaced(user),
                user.getDirectDependenciesFromSelf().stream()
                    .filter(use -> isOurs(use.getTargetClass()))
                    .flatMap(this::wrongDirection)))
        .distinct()
        .sorted()
        .toList();
  }

  /// Cycles between packages, as ArchUnit describes them; empty when there is none.
  List<String> cycles(JavaClasses classes) {
    return SlicesRuleDefinition.slices()
        .matching(root + ".(**)")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .evaluate(classes)
        .getFailureReport()
        .getDetails();
  }

  /// Uses of the real clock, of sleeping, randomness or random ids outside the wiring.
  List<String> realSourcesOutsideTheWiring(JavaClasses classes) {
    return accesses(classes)
        .filter(access -> layerOf(access.getOriginOwner()).filter(WIRING::contains).isEmpty())
        .filter(access -> {
          CodeUnitAccessTarget target = access.getTarget();
          return REAL_SOURCES
              .getOrDefault(target.getOwner().getName(), Set.of())
              .contains(target.getName());
        })
        .map(JavaCodeUnitAccess::getDescription)
        .sorted()
        .toList();
  }

  /// Constructions of a `...Guarantees` record by anybody but the record itself: product code runs
  /// with all guarantees, and only tests build a broken variant.
  List<String> weakenedGuarantees(JavaClasses classes) {
    return accesses(classes)
        .filter(access -> access.getTarget().getName().equals("<init>"))
        .filter(access -> access.getTargetOwner().getSimpleName().endsWith("Guarantees"))
        .filter(access -> !access.getOriginOwner().equals(access.getTargetOwner()))
        .map(JavaCodeUnitAccess::getDescription)
        .sorted()
        .toList();
  }

  private static Stream<JavaCodeUnitAccess<?>> accesses(JavaClasses classes) {
    return classes.stream()
        .flatMap(user ->
            Stream.concat(
                user.getCodeUnitCallsFromSelf().stream(),
                user.getCodeUnitReferencesFromSelf().stream()));
  }

  private Stream<String> unplaced(JavaClass user) {
    boolean placed = layerOf(user).isPresent() || user.getSimpleName().equals("package-info");
    return placed ? Stream.empty() : Stream.of(user.getName() + " has no place in the table");
  }

  private Stream<String> wrongDirection(Dependency use) {
    Optional<String> from = layerOf(use.getOriginClass());
    Optional<String> to = layerOf(use.getTargetClass());
    if (from.isEmpty() || to.isEmpty() || from.equals(to)) {
      return Stream.empty();
    }
    boolean downward = row(from.get()) < row(to.get());
    boolean allowed =
        !NARROWED.containsKey(from.get()) || NARROWED.get(from.get()).contains(to.get());
    return downward && allowed
        ? Stream.empty()
        : Stream.of(from.get() + " must not use " + to.get() + ": " + use.getDescription());
  }

  private boolean isOurs(JavaClass used) {
    return used.getPackageName().equals(root) || used.getPackageName().startsWith(root + ".");
  }

  private Optional<String> layerOf(JavaClass member) {
    String name = member.getPackageName();
    return LAYERS.stream()
        .flatMap(List::stream)
        .filter(layer -> (name + ".").startsWith(root + "." + layer + "."))
        .max(Comparator.comparingInt(String::length));
  }

  private static int row(String layer) {
    for (int row = 0; row < LAYERS.size(); row++) {
      if (LAYERS.get(row).contains(layer)) {
        return row;
      }
    }
    throw new IllegalArgumentException("no layer " + layer);
  }
}
