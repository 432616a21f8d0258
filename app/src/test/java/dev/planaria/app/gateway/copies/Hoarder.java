package dev.planaria.app.gateway.copies;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The package of a server that keeps its data inside, installed as npm would have done it, with
/// data of an earlier time.
public final class Hoarder {
  /// What it kept when nobody stood in front of it.
  public static final String OLD = "[{\"id\":\"thing-1-1\",\"name\":\"old\"}]";

  private static final Path SOURCE = Path.of("src", "test", "node", "hoarder");

  private final Path place;

  private Hoarder(Path place) {
    this.place = place;
  }

  /// Installs it.
  ///
  /// @param place an empty directory
  public static Hoarder in(Path place) throws IOException {
    var hoarder = new Hoarder(place.toRealPath());
    hoarder.write(
        "node_modules/hoarder-shelf/package.json", "{\"type\":\"module\",\"main\":\"m.js\"}");
    hoarder.write("node_modules/hoarder-shelf/m.js", "export const shelf = 'wooden';\n");
    hoarder.write(
        "node_modules/hoarder/package.json", Files.readString(SOURCE.resolve("package.json")));
    Path script =
        hoarder.write(
            "node_modules/hoarder/bin/hoarder.mjs",
            Files.readString(SOURCE.resolve("bin/hoarder.mjs")));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    hoarder.write("node_modules/hoarder/data/things.json", OLD);
    hoarder.write("node_modules/hoarder/data/notes.txt", "kept");
    Path programs = Files.createDirectories(place.resolve("node_modules/.bin"));
    Files.createSymbolicLink(programs.resolve("hoarder"), Path.of("../hoarder/bin/hoarder.mjs"));
    return hoarder;
  }

  /// Writes a file there.
  Path write(String path, String text) throws IOException {
    Path file = place.resolve(path);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    return Files.writeString(file, text);
  }

  /// Where it was installed.
  Path place() {
    return place;
  }

  /// Its package.
  Path root() {
    return place.resolve("node_modules/hoarder");
  }

  /// What runs it.
  public Path script() {
    return root().resolve("bin/hoarder.mjs");
  }

  /// All files below its place, links not followed, with what is in them.
  public List<String> contents() throws IOException {
    return contents(place);
  }

  /// The same of any directory.
  static List<String> contents(Path directory) throws IOException {
    var found = new TreeMap<String, String>();
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file : all.toList()) {
        String name = directory.relativize(file).toString();
        found.put(
            name,
            Files.isSymbolicLink(file)
                ? " -> " + Files.readSymbolicLink(file)
                : Files.isDirectory(file) ? "/" : " = " + Files.readString(file));
      }
    }
    var lines = new ArrayList<String>();
    found.forEach((name, content) -> lines.add(name + content));
    return lines;
  }
}
