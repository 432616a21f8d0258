package dev.planaria.app.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/// Takes the native libraries of SQLite and Zstandard for this machine out of their jars, once.
/// Otherwise each process unpacks its own at each start, which costs a worker a tenth of a second.
///
/// A machine that is not known here, or that runs another C library than glibc, simply keeps the
/// libraries packed: the jars' own loaders know more cases.
final class NativeLibraries {

  private NativeLibraries() {}

  /// Unpacks what fits this machine.
  ///
  /// @param jars the directory with the jars
  /// @param target where the libraries go
  /// @return the files written
  static List<Path> unpack(Path jars, Path target) throws IOException {
    var written = new ArrayList<Path>();
    if (isMusl()) {
      return written;
    }
    Files.createDirectories(target);
    written.addAll(unpack(jars, "sqlite-jdbc-", "org/sqlite/native/" + sqliteFolder(), target));
    written.addAll(unpack(jars, "zstd-jni-", zstdFolder(), target));
    return written;
  }

  private static List<Path> unpack(Path jars, String prefix, String folder, Path target)
      throws IOException {
    var written = new ArrayList<Path>();
    List<Path> matching;
    try (Stream<Path> files = Files.list(jars)) {
      matching =
          files
              .filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
              .filter(file -> file.toString().endsWith(".jar"))
              .toList();
    }
    for (Path file : matching) {
      try (var jar = new JarFile(file.toFile())) {
        for (JarEntry entry : jar.stream().toList()) {
          if (!entry.isDirectory() && entry.getName().startsWith(folder + "/")) {
            String name = entry.getName().substring(folder.length() + 1);
            // Under another name first: a process may be loading the old one.
            Path fresh = target.resolve(name + ".new");
            try (InputStream content = jar.getInputStream(entry)) {
              Files.copy(content, fresh, StandardCopyOption.REPLACE_EXISTING);
            }
            written.add(
                Files.move(fresh, target.resolve(name), StandardCopyOption.REPLACE_EXISTING));
          }
        }
      }
    }
    return written;
  }

  /// As sqlite-jdbc names its folders.
  private static String sqliteFolder() {
    String system =
        switch (systemName()) {
          case "linux" -> "Linux";
          case "darwin" -> "Mac";
          default -> "Windows";
        };
    String architecture =
        switch (architecture()) {
          case "amd64" -> "x86_64";
          default -> architecture();
        };
    return system + "/" + architecture;
  }

  /// As zstd-jni names its folders; on a Mac the machine keeps the name that Java gives it.
  private static String zstdFolder() {
    return systemName() + "/" + System.getProperty("os.arch", "");
  }

  private static String architecture() {
    String name = System.getProperty("os.arch", "");
    return name.equals("x86_64") ? "amd64" : name;
  }

  private static String systemName() {
    String name = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    if (name.contains("mac")) {
      return "darwin";
    }
    return name.contains("win") ? "win" : "linux";
  }

  private static boolean isMusl() throws IOException {
    Path libraries = Path.of("/lib");
    if (!Files.isDirectory(libraries)) {
      return false;
    }
    try (Stream<Path> files = Files.list(libraries)) {
      return files.anyMatch(file -> String.valueOf(file.getFileName()).startsWith("ld-musl-"));
    }
  }
}
