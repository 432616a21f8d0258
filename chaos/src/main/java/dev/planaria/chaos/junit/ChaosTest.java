package dev.planaria.chaos.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/// A test in which something is broken on purpose. Its method may take a [Faults] and a [Ledger]:
///
///     @ChaosTest(cycles = 5)
///     void notes_outlive_their_server(Faults faults, Ledger ledger) { ... }
///
/// After the method has ended, each cycle fails when the ledger does not come out, when nothing was
/// acknowledged or observed, or when no fault was met: such a test shows nothing. Each cycle has a
/// seed of its own, which is printed. `-Dplanaria.chaos.seed=N` and `-Dplanaria.chaos.cycles=N`
/// override what stands here; a cycle that failed is repeated with its seed and one cycle.
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(ChaosExtension.class)
public @interface ChaosTest {

  /// The seed of the first cycle; 0 takes another one each time.
  long seed() default 0;

  /// How often the test runs, 1 to 10,000.
  int cycles() default 1;
}
