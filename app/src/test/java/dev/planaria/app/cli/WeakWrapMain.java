package dev.planaria.app.cli;

import dev.planaria.app.shim.ShimGuarantees;
import dev.planaria.app.shim.ShimSettings;
import java.util.ArrayList;
import java.util.List;

/// `planaria wrap` without one of its promises, which is the first word; for negative controls.
final class WeakWrapMain {

  private WeakWrapMain() {}

  public static void main(String[] arguments) {
    var words = new ArrayList<>(List.of(arguments));
    String without = words.removeFirst();
    Runtime.getRuntime()
        .halt(
            WrapMain.run(
                words,
                ShimSettings.DEFAULT,
                new ShimGuarantees(
                    !without.equals("resendUnanswered"), !without.equals("nameOperations"))));
  }
}
