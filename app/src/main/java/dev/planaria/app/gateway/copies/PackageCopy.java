package dev.planaria.app.gateway.copies;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes one copy of one package. What the package imports from elsewhere is linked; the package
/// itself is copied, so that nothing that is written in the copy reaches the original, and Node
/// needs no options to find its way. One thread.
final class PackageCopy {
  private static final FileAttribute<?> DIRECTORY = mode("rwx------");
  private static final FileAttribute<?> PROGRAM = mode("rwx------");
  private static final FileAttribute<?> FILE = mode("rw-------");

  /// What a version control system keeps beside a checkout is no part of the package.
  private static final String HISTORY = ".git";

  private final NodePackage original;
  private final CopySettings settings;
  private final Set<Path> left = new HashSet<>();
  private int files;
  private long bytes;

  private PackageCopy(NodePackage original, CopySettings settings) {
    this.original = original;
    this.settings = settings;
  }

  private static FileAttribute<?> mode(String permissions) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
  }

  /// Makes it.
  ///
  /// @param without files and directories that are left out, relative to the package
  /// @param into an empty directory
  /// @return where the package is there
  static Path make(NodePackage original, List<String> without, Path into, CopySettings settings)
      throws NoCopy, InterruptedException {
    try {
      var copy = new PackageCopy(original, settings);
      for (String path : without) {
        copy.leaveOut(original.root().resolve(path).normalize());
      }
      Path root = into;
      for (Path modules : original.modules().reversed()) {
        Files.createSymbolicLink(root.resolve(NodePackage.MODULES), modules);
        root = Files.createDirectory(root.resolve("inner"), DIRECTORY);
      }
      root = root.resolve(original.name());
      copy.directory(original.root(), root, 0);
      for (String path : without) {
        requireAbsent(root, path);
      }
      return root;
    } catch (ClosedByInterruptException interrupted) {
      Thread.interrupted();
      throw new InterruptedException("a private copy was being made");
    } catch (IOException e) {
      throw NoCopy.failed("the package " + original.root() + " could not be copied: " + e);
    }
  }

  /// Leaves a path out, and whatever it leads to: the same file may be met under another name.
  private void leaveOut(Path path) throws NoCopy, IOException {
    if (!path.startsWith(original.root()) || path.equals(original.root())) {
      throw NoCopy.failed("`before_replay` names " + path + ", which is not inside the package");
    }
    left.add(path);
    if (Files.exists(path)) {
      left.add(path.toRealPath());
    }
  }

  private static void requireAbsent(Path root, String path) throws NoCopy {
    if (Files.exists(root.resolve(path))) {
      throw NoCopy.failed("the copy still has " + path + ", which `before_replay` names");
    }
  }

  private void directory(Path from, Path to, int depth) throws IOException, NoCopy {
    if (depth > settings.depth()) {
      throw NoCopy.tooLarge(original.root().toString(), "depth", settings.depth());
    }
    count(0);
    Files.createDirectory(to, DIRECTORY);
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(from)) {
      for (Path entry : entries) {
        if (!left.contains(entry) && !left.contains(real(entry))) {
          entry(entry, to.resolve(entry.getFileName().toString()), depth);
        }
      }
    }
  }

  /// The entry itself where it leads nowhere.
  private static Path real(Path entry) throws IOException {
    try {
      return entry.toRealPath();
    } catch (NoSuchFileException dangling) {
      return entry;
    }
  }

  private void entry(Path from, Path to, int depth) throws IOException, NoCopy {
    String name = from.getFileName().toString();
    if (name.equals(HISTORY)) {
      return;
    }
    if (name.equals(NodePackage.MODULES)) {
      count(0);
      Files.createSymbolicLink(to, real(from));
      return;
    }
    var attributes =
        Files.readAttributes(from, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isSymbolicLink()) {
      link(from, to, depth);
    } else if (attributes.isDirectory()) {
      directory(from, to, depth + 1);
    } else if (attributes.isRegularFile()) {
      file(from, to, attributes.size());
    }
    // Pipes, sockets and devices belong to running processes.
  }

  /// A link that stays inside stays a link; any other would lead out of the copy, and what is
  /// written through it would be no longer private.
  private void link(Path from, Path to, int depth) throws IOException, NoCopy {
    Path target = Files.readSymbolicLink(from);
    Path leads = from.resolveSibling(target).normalize();
    boolean inside =
        !target.isAbsolute()
            && from.startsWith(original.root())
            && leads.startsWith(original.root());
    if (inside) {
      count(0);
      Files.createSymbolicLink(to, target);
      return;
    }
    Path real = real(from);
    if (Files.isDirectory(real)) {
      directory(real, to, depth + 1);
    } else if (Files.isRegularFile(real)) {
      file(real, to, Files.size(real));
    }
    // A link that leads out and nowhere would let the server make a file outside.
  }

  private void file(Path from, Path to, long size) throws IOException, NoCopy {
    count(size);
    FileAttribute<?> mode = Files.isExecutable(from) ? PROGRAM : FILE;
    try (FileChannel in = FileChannel.open(from, StandardOpenOption.READ);
        FileChannel out =
            FileChannel.open(
                to, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode)) {
      // As long as it was when it was counted: somebody may write to the original.
      long done = 0;
      long step = 1;
      while (done < size && step > 0) {
        step = in.transferTo(done, size - done, out);
        done += step;
      }
    }
  }

  private void count(long size) throws NoCopy {
    files++;
    bytes += size;
    if (files > settings.files()) {
      throw NoCopy.tooLarge(original.root().toString(), "files", settings.files());
    }
    if (bytes > settings.bytes()) {
      throw NoCopy.tooLarge(original.root().toString(), "bytes", settings.bytes());
    }
  }

  /// Removes a copy. Links are removed, never followed.
  static void remove(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // it has gone by itself
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
              throws IOException {
            if (e != null) {
              throw e;
            }
            Files.deleteIfExists(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
