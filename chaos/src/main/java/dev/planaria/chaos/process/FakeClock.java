package dev.planaria.chaos.process;

import dev.planaria.chaos.fault.NotPossibleHere;
import dev.planaria.chaos.system.Program;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// A wall clock of a daemon's own, which is as far from the machine's as a file says:
/// `libfaketime`, loaded into each of its processes before they start. Its monotonic clock stays
/// the machine's, as when somebody sets the time.
///
/// @param offset the file
public record FakeClock(Path offset) {

  /// How soon a process notices that the file is another one.
  private static final String NOTICED_SECONDS = "1";

  private static final double SECOND_MILLIS = 1_000.0;

  /// The clock of a daemon that is started so.
  public static FakeClock of(Launch launch) {
    return new FakeClock(launch.data().resolveSibling("clock-offset"));
  }

  /// The same launch of a daemon with a clock of its own, which is right at first.
  ///
  /// @throws NotPossibleHere when this machine has no `faketime`
  public static Launch into(Launch launch) throws IOException, InterruptedException {
    FakeClock clock = of(launch);
    clock.set(0);
    Map<String, String> environment = new HashMap<>(launch.environment());
    environment.put("LD_PRELOAD", library());
    environment.put("FAKETIME_TIMESTAMP_FILE", clock.offset().toAbsolutePath().toString());
    environment.put("FAKETIME_CACHE_DURATION", NOTICED_SECONDS);
    environment.put("DONT_FAKE_MONOTONIC", "1");
    // Without this, timed waits of the virtual machine return at once (libfaketime 0.9.10 with a
    // current C library).
    environment.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
    return new Launch(launch.command(), environment, launch.data(), launch.wrap());
  }

  /// The program knows where its library lies, which differs from system to system.
  private static String library() throws IOException, InterruptedException {
    Program.FAKETIME.require();
    Process asked =
        new ProcessBuilder("faketime", "-f", "+0", "printenv", "LD_PRELOAD")
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (asked.waitFor() != 0 || said.isEmpty()) {
      throw new NotPossibleHere("faketime does not say where its library lies");
    }
    return said;
  }

  /// Lets it be so far from the machine's clock, within a second or two.
  ///
  /// @param millis ahead, or behind when negative
  public void set(long millis) throws IOException {
    Files.createDirectories(offset.toAbsolutePath().getParent());
    Path whole = offset.resolveSibling(offset.getFileName() + ".new");
    Files.writeString(whole, String.format(Locale.ROOT, "%+.3f%n", millis / SECOND_MILLIS));
    Files.move(whole, offset, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
