package dev.planaria.chaos.junit;

import dev.planaria.chaos.report.Violation;
import dev.planaria.engine.json.WireName;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.Extension;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;

/// One run of a [ChaosTest]: its seed, its faults, its ledger, and the verdict.
final class Cycle
    implements TestTemplateInvocationContext,
        ParameterResolver,
        AfterTestExecutionCallback,
        AfterEachCallback {

  /// The first ones tell what the others are likely to repeat.
  private static final int SHOWN_VIOLATIONS = 10;

  private final int number;
  private final int count;
  private final long seed;
  private final Faults faults;
  private final Ledger ledger = new Ledger();

  Cycle(int number, int count, long seed) {
    this.number = number;
    this.count = count;
    this.seed = seed;
    this.faults = new Faults(seed);
  }

  @Override
  public String getDisplayName(int invocation) {
    return "cycle " + number + " of " + count + ", seed " + seed;
  }

  @Override
  public List<Extension> getAdditionalExtensions() {
    return List.of(this);
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == Faults.class || type == Ledger.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Faults.class ? faults : ledger;
  }

  /// Says what happened; and judges, unless the test has failed by itself.
  @Override
  public void afterTestExecution(ExtensionContext context) {
    String name =
        context.getRequiredTestClass().getSimpleName()
            + "."
            + context.getRequiredTestMethod().getName();
    System.out.println("chaos: " + name + " " + getDisplayName(0) + ": " + faults + "; " + ledger);
    if (context.getExecutionException().isPresent()) {
      System.out.println("chaos: again with " + again());
      return;
    }
    List<String> found = found();
    if (!found.isEmpty()) {
      throw new AssertionError(
          getDisplayName(0) + ":\n  " + String.join("\n  ", found) + "\nagain with " + again());
    }
  }

  private List<String> found() {
    var found = new ArrayList<String>();
    List<Violation> violations = ledger.violations();
    violations.stream()
        .limit(SHOWN_VIOLATIONS)
        .forEach(broken -> found.add(WireName.of(broken.kind()) + ": " + broken.sentence()));
    if (violations.size() > SHOWN_VIOLATIONS) {
      found.add("and " + (violations.size() - SHOWN_VIOLATIONS) + " more");
    }
    if (violations.isEmpty()) {
      found.addAll(faults.gaps());
      found.addAll(ledger.gaps());
    }
    return found;
  }

  private String again() {
    return "-D" + ChaosExtension.SEED + "=" + seed + " -D" + ChaosExtension.CYCLES + "=1";
  }

  @Override
  public void afterEach(ExtensionContext context) {
    faults.close();
  }
}
