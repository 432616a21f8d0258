package dev.planaria.chaos.junit;

import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContext;
import org.junit.jupiter.api.extension.TestTemplateInvocationContextProvider;

/// Makes the cycles of a [ChaosTest]. Thread-safe.
final class ChaosExtension implements TestTemplateInvocationContextProvider {

  /// Names the seed of the first cycle.
  static final String SEED = "planaria.chaos.seed";

  /// Names how many cycles there are.
  static final String CYCLES = "planaria.chaos.cycles";

  private static final int MOST_CYCLES = 10_000;

  /// Seeds are repeated by hand, so that they are kept short.
  private static final long BEYOND_CHOSEN_SEEDS = 1_000_000_000;

  @Override
  public boolean supportsTestTemplate(ExtensionContext context) {
    return context.getRequiredTestMethod().isAnnotationPresent(ChaosTest.class);
  }

  @Override
  public Stream<TestTemplateInvocationContext> provideTestTemplateInvocationContexts(
      ExtensionContext context) {
    ChaosTest asked = context.getRequiredTestMethod().getAnnotation(ChaosTest.class);
    long written = configured(context, SEED, asked.seed());
    long first =
        written == 0 ? ThreadLocalRandom.current().nextLong(1, BEYOND_CHOSEN_SEEDS) : written;
    long cycles = configured(context, CYCLES, asked.cycles());
    if (cycles < 1 || cycles > MOST_CYCLES) {
      throw new ExtensionConfigurationException(
          "`cycles` must be between 1 and " + MOST_CYCLES + ", not " + cycles);
    }
    var later = new SplittableRandom(first);
    return IntStream.rangeClosed(1, (int) cycles)
        .mapToObj(number ->
            new Cycle(
                number, (int) cycles, number == 1 ? first : later.nextLong(BEYOND_CHOSEN_SEEDS)));
  }

  /// From `-D`, or from JUnit's own configuration.
  private static long configured(ExtensionContext context, String name, long otherwise) {
    String written =
        context.getConfigurationParameter(name).map(String::strip).orElse(Long.toString(otherwise));
    try {
      return Long.parseLong(written);
    } catch (NumberFormatException wrong) {
      throw new ExtensionConfigurationException(
          "`" + name + "` must be a whole number, not '" + written + "'", wrong);
    }
  }
}
