package dev.planaria.app.cli;

import dev.planaria.app.front.WorkerCommand;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/// Where this program lies, and what was prepared there for a fast start.
///
/// @param launcher the `planaria` script, or null when Java was started without it
/// @param home the directory with `lib/`, and once prepared `native/` and `aot/`; null likewise
public record Installation(@Nullable Path launcher, @Nullable Path home) {

  /// What the file stream reads without asking for memory of its own.
  private static final int BLOCK_BYTES = 8 << 10;

  /// Under these names every worker answers.
  private static final Set<String> LOOPBACK_NAMES = Set.of("127.0.0.1", "localhost", "::1");

  /// What the launcher said of itself in system properties.
  static Installation ofThisProcess() {
    return new Installation(property("planaria.launcher"), property("planaria.home"));
  }

  private static @Nullable Path property(String name) {
    String value = System.getProperty(name);
    return value == null ? null : Path.of(value);
  }

  /// How a worker of this build is started.
  ///
  /// @param heapMib how much memory its objects may take, in MiB
  /// @param host the address that clients use; the worker checks what they name
  /// @param data the data directory, where a virtual machine that crashes leaves its report
  WorkerCommand workerCommand(int heapMib, String host, Path data) throws IOException {
    return WorkerCommand.ofThisProcess(
        "dev.planaria.app.daemon.WorkerMain",
        workerFlags(heapMib, data.resolve("logs").resolve("worker-crash-%p.log")),
        LOOPBACK_NAMES.contains(host) ? List.of() : List.of("--allow-host", host));
  }

  /// The command line of `planaria up` on the same Java and the same classes as this process.
  List<String> upCommand() throws IOException {
    return program(
        List.of("-Xmx160m", "-Xmn2m", "-XX:TrimNativeHeapInterval=30000"),
        "front",
        Main.class,
        List.of("up"));
  }

  /// The command line of `planaria wrap`, likewise.
  List<String> wrapCommand(String... words) throws IOException {
    return program(
        List.of("-Xms4m", "-Xmx96m", "-Xmn2m", "-Xss512k"), "wrap", WrapMain.class, List.of(words));
  }

  /// The command line of another command, likewise.
  List<String> command(String... arguments) throws IOException {
    return program(List.of(), "cli", Main.class, List.of(arguments));
  }

  /// As the launcher does it.
  private List<String> program(
      List<String> flags, String role, Class<?> main, List<String> arguments) throws IOException {
    var command = new ArrayList<String>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"));
    command.addAll(flags);
    command.addAll(quietLogging());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(nativeLibraryFlags());
    command.addAll(cacheFlags(role));
    if (home != null) {
      command.add("-Dplanaria.home=" + home);
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return command;
  }

  private List<String> workerFlags(int heapMib, Path crashReport) throws IOException {
    var flags = new ArrayList<String>();
    flags.add("-XX:+UseSerialGC");
    flags.add("-Xms16m");
    flags.add("-Xmx" + heapMib + "m");
    flags.add("-XX:-UsePerfData");
    // Nothing here speaks any language but English, and the HTTP server asks for all locales as it
    // starts: without the tables of the others that takes 70 ms of processor time less.
    flags.add("-Djava.locale.providers=SPI");
    // A worker that is out of memory answers nobody; the next one does.
    flags.add("-XX:+ExitOnOutOfMemoryError");
    flags.add("-XX:ErrorFile=" + crashReport);
    // Else a virtual machine that dies while it compiles leaves a file where the front was begun.
    flags.add("-XX:-DumpReplayDataOnError");
    // Its stdout is read by the front: what the virtual machine has to say goes to stderr.
    flags.addAll(quietLogging());
    flags.add("--enable-native-access=ALL-UNNAMED");
    flags.addAll(nativeLibraryFlags());
    flags.addAll(cacheFlags("worker"));
    return flags;
  }

  static List<String> quietLogging() {
    return List.of("-Xlog:disable", "-Xlog:all=warning:stderr", "-Xlog:aot=off:stderr");
  }

  /// Where the unpacked native libraries lie; without these flags each process unpacks its own.
  List<String> nativeLibraryFlags() throws IOException {
    Path libraries = home == null ? null : home.resolve("native");
    if (libraries == null || !Files.isDirectory(libraries)) {
      return List.of();
    }
    var flags = new ArrayList<String>();
    try (Stream<Path> files = Files.list(libraries)) {
      for (Path file : files.sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.contains("sqlitejdbc")) {
          flags.add("-Dorg.sqlite.lib.path=" + libraries);
          flags.add("-Dorg.sqlite.lib.name=" + name);
          // Its driver looks for leftovers of earlier processes there, and a common directory for
          // temporary files may hold many thousand others.
          flags.add("-Dorg.sqlite.tmpdir=" + libraries);
        } else if (name.contains("zstd-jni")) {
          flags.add("-DZstdNativePath=" + file);
        }
      }
    }
    return flags;
  }

  /// True when every native library has been unpacked.
  boolean hasNativeLibraries() throws IOException {
    List<String> flags = nativeLibraryFlags();
    return flags.stream().anyMatch(flag -> flag.startsWith("-Dorg.sqlite.lib.name="))
        && flags.stream().anyMatch(flag -> flag.startsWith("-DZstdNativePath="));
  }

  /// The cache of loaded classes of that role, when there is one that is as it was written: a
  /// damaged one would crash the virtual machine, at a start or later.
  List<String> cacheFlags(String role) throws IOException {
    Path cache = home == null ? null : home.resolve("aot").resolve(role + ".aot");
    return cache == null || !Files.isRegularFile(cache) || !isAsWritten(cache)
        ? List.of()
        : List.of("-XX:AOTCache=" + cache);
  }

  private static boolean isAsWritten(Path cache) throws IOException {
    Path sum = sumOf(cache);
    return Files.isRegularFile(sum)
        && Files.readString(sum).strip().equals(Long.toString(crc32(cache)));
  }

  /// Where the sum of a cache stands.
  static Path sumOf(Path cache) {
    return cache.resolveSibling(cache.getFileName() + ".crc32");
  }

  /// CRC-32 rather than CRC-32C, because the interpreter does it at memory speed; read rather than
  /// mapped, because a mapping would count as this process's memory for long.
  static long crc32(Path file) throws IOException {
    var crc = new CRC32();
    var block = new byte[BLOCK_BYTES];
    try (var in = new FileInputStream(file.toFile())) {
      for (int read = in.read(block); read > 0; read = in.read(block)) {
        crc.update(block, 0, read);
      }
    }
    return crc.getValue();
  }
}
