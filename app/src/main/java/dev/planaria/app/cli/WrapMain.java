package dev.planaria.app.cli;

import dev.planaria.app.daemon.DataDirectory;
import dev.planaria.app.daemon.RealEnvironment;
import dev.planaria.app.shim.Shim;
import dev.planaria.app.shim.ShimEnvironment;
import dev.planaria.app.shim.ShimGuarantees;
import dev.planaria.app.shim.ShimSettings;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Where `planaria wrap` enters Java: a process that a client launches, of which there may be
/// dozens on a machine. It loads neither the parser of the other commands nor anything of the
/// daemon but how to find it.
public final class WrapMain {

  private WrapMain() {}

  /// Serves the client on standard input and output, and ends the process.
  ///
  /// @param words what stands behind `wrap`
  public static void main(String[] words) {
    Runtime.getRuntime().halt(run(List.of(words), ShimSettings.DEFAULT, ShimGuarantees.ALL));
  }

  /// Runs a shim that keeps only some of its promises; tests show with it what each is worth.
  ///
  /// @return the exit status for the process
  static int run(List<String> words, ShimSettings settings, ShimGuarantees guarantees) {
    // Everything here waits for sockets; one carrier is enough.
    System.setProperty("jdk.virtualThreadScheduler.parallelism", "1");
    System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", "4");
    try {
      Map<String, String> variables = System.getenv();
      WrapOptions options =
          WrapOptions.read(words, variables, Path.of("").toAbsolutePath().toRealPath());
      return serve(options, settings, guarantees, variables);
    } catch (CommandFailure failure) {
      note(String.valueOf(failure.getMessage()));
      return failure.status().code();
    } catch (IOException failure) {
      note(failure.getMessage() == null ? failure.toString() : failure.getMessage());
      return ExitStatus.FAILED.code();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return ExitStatus.FAILED.code();
    }
  }

  private static int serve(
      WrapOptions options,
      ShimSettings settings,
      ShimGuarantees guarantees,
      Map<String, String> variables)
      throws IOException, InterruptedException {
    Path named = options.data();
    Path data =
        named == null
            ? DataDirectory.defaultPath(
                variables.get("XDG_STATE_HOME"), System.getProperty("user.home", ""))
            : named;
    var daemons =
        new WrapDaemons(
            data.toAbsolutePath().normalize(),
            Installation.ofThisProcess()::upCommand,
            named != null,
            List.of(variables.getOrDefault("PATH", "").split(File.pathSeparator)));
    var sources = RealEnvironment.engine();
    var environment =
        new ShimEnvironment(
            sources.nanoTime(),
            sources.newId().get().toString(),
            () -> sources.newId().get().toString(),
            daemons,
            WrapMain::note);
    var shim =
        new Shim(
            options.target(),
            settings,
            guarantees,
            environment,
            new FileOutputStream(FileDescriptor.out),
            () -> Runtime.getRuntime().halt(ExitStatus.OK.code()));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(shim), "signal"));
    return shim.run(new FileInputStream(FileDescriptor.in));
  }

  /// Being told to stop is no failure.
  private static void stop(Shim shim) {
    try {
      shim.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(ExitStatus.OK.code());
  }

  /// Clients show or log what their servers write to standard error.
  private static void note(String sentence) {
    System.err.println("planaria wrap: " + sentence);
  }
}
