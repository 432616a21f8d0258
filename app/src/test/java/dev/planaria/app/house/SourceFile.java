package dev.planaria.app.house;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// A file of the project, as text.
///
/// @param path from the project's root, with `/`
/// @param text all of it
record SourceFile(String path, String text) {

  private static final Set<String> NOT_OURS =
      Set.of(".git", ".builds", "target", "node_modules", ".idea", ".vscode");

  /// Bigger ones are recordings or data, not something a person wrote.
  private static final long LARGEST_BYTES = 1 << 20;

  boolean isJava() {
    return path.endsWith(".java");
  }

  boolean isTest() {
    return path.contains("/src/test/");
  }

  /// The sample that breaks the rules on purpose.
  boolean isBadSample() {
    return path.contains("/app/house/bad/");
  }

  List<String> lines() {
    return text.lines().toList();
  }

  /// The directory that holds `check`, above the module whose tests run.
  static Path projectRoot() {
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null && !Files.isRegularFile(directory.resolve("check"))) {
      directory = directory.getParent();
    }
    if (directory == null) {
      throw new IllegalStateException("no `check` above the working directory");
    }
    return directory;
  }

  /// Every text file below a directory but what tools made.
  static List<SourceFile> below(Path root) {
    var files = new ArrayList<SourceFile>();
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes unused) {
              return NOT_OURS.contains(String.valueOf(directory.getFileName()))
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              boolean readable = attributes.isRegularFile() && attributes.size() <= LARGEST_BYTES;
              if (readable && !String.valueOf(file.getFileName()).equals(".git")) {
                String path = root.relativize(file).toString().replace('\\', '/');
                files.add(new SourceFile(path, textOf(file)));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return files;
  }

  /// Bytes that are no UTF-8 become replacement characters: the rules look for ASCII only.
  private static String textOf(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }
}
