package dev.planaria.app.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The product keeps the rules of [ArchitectureRules], and a sample that breaks each is refused.
class ArchitectureTest {

  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.planaria.engine", "dev.planaria.chaos", "dev.planaria.app");

  private static final ArchitectureRules RULES = new ArchitectureRules("dev.planaria");

  private static final String BAD = "dev.planaria.app.house.bad";

  private static final JavaClasses BAD_SAMPLE = new ClassFileImporter().importPackages(BAD);

  private static final ArchitectureRules BAD_RULES = new ArchitectureRules(BAD);

  @Test
  void the_product_is_really_read() {
    assertThat(PRODUCT.contain("dev.planaria.engine.session.SessionEngine")).isTrue();
    assertThat(PRODUCT.stream().map(type -> type.getPackageName()))
        .noneMatch(name -> name.startsWith("dev.planaria.app.house"));
  }

  @Test
  void packages_use_only_what_lies_below_them() {
    assertThat(RULES.wrongDirections(PRODUCT)).isEmpty();
  }

  @Test
  void packages_form_no_cycles() {
    assertThat(RULES.cycles(PRODUCT)).isEmpty();
  }

  @Test
  void time_randomness_and_ids_come_from_the_wiring_alone() {
    assertThat(RULES.realSourcesOutsideTheWiring(PRODUCT)).isEmpty();
  }

  @Test
  void product_code_runs_with_all_guarantees() {
    assertThat(RULES.weakenedGuarantees(PRODUCT)).isEmpty();
  }

  @Test
  void a_use_upward_or_sideways_or_beyond_the_narrowing_is_refused() {
    assertThat(BAD_RULES.wrongDirections(BAD_SAMPLE))
        .anyMatch(found -> found.startsWith("engine.json must not use engine.session"))
        .anyMatch(found -> found.startsWith("app.front must not use engine.session"))
        .anyMatch(found -> found.startsWith("app.front must not use app.gateway.clients"))
        .noneMatch(found -> found.startsWith("app.front must not use engine.json"));
  }

  @Test
  void a_package_without_a_place_in_the_table_is_refused() {
    assertThat(BAD_RULES.wrongDirections(BAD_SAMPLE))
        .contains(BAD + ".misc.Unplaced has no place in the table");
  }

  @Test
  void a_cycle_is_refused() {
    assertThat(BAD_RULES.cycles(BAD_SAMPLE)).isNotEmpty();
  }

  @Test
  void real_time_and_randomness_are_refused_even_as_a_method_reference() {
    assertThat(BAD_RULES.realSourcesOutsideTheWiring(BAD_SAMPLE))
        .anyMatch(found -> found.contains("java.time.Instant.now()"))
        .anyMatch(found -> found.contains("java.lang.System.nanoTime()"))
        .anyMatch(found -> found.contains("java.util.UUID.randomUUID()"))
        .anyMatch(found -> found.contains("java.util.Random.<init>()"))
        .anyMatch(found -> found.contains("java.lang.Thread.sleep(long)"))
        .noneMatch(found -> found.contains(BAD + ".app.daemon."));
  }

  @Test
  void weakened_guarantees_are_refused() {
    assertThat(BAD_RULES.weakenedGuarantees(BAD_SAMPLE))
        .singleElement()
        .asString()
        .contains("Weakener");
  }
}
