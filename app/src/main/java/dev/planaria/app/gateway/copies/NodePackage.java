package dev.planaria.app.gateway.copies;

import dev.planaria.engine.json.Json;
import dev.planaria.engine.json.JsonLimits;
import dev.planaria.engine.json.JsonObject;
import dev.planaria.engine.json.JsonString;
import dev.planaria.engine.json.JsonSyntaxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A package on disk.
///
/// @param root its real directory
/// @param modules the directories outside of it in which Node looks for what it imports, the
///   nearest first (Node.js, modules: loading from `node_modules` folders)
record NodePackage(Path root, List<Path> modules) {
  static final String MODULES = "node_modules";

  private static final String DESCRIPTION = "package.json";
  private static final int DESCRIPTION_BYTES = 1 << 20;

  /// The package that a script is part of.
  ///
  /// @param script its real path
  static NodePackage of(Path script) throws NoCopy {
    Path root = installed(script);
    if (root == null) {
      root = named(script);
    }
    var modules = new ArrayList<Path>();
    for (Path above = root.getParent(); above != null; above = above.getParent()) {
      Path place = above.resolve(MODULES);
      if (!isModules(above) && Files.isDirectory(place)) {
        modules.add(place);
      }
    }
    return new NodePackage(root, List.copyOf(modules));
  }

  private static boolean isModules(@Nullable Path directory) {
    return directory != null
        && directory.getFileName() != null
        && directory.getFileName().toString().equals(MODULES);
  }

  /// What stands right below the last `node_modules`, or below a scope there.
  private static @Nullable Path installed(Path script) {
    for (Path at = script.getParent(); at != null; at = at.getParent()) {
      Path above = at.getParent();
      boolean scope = at.getFileName() != null && at.getFileName().toString().startsWith("@");
      if (above != null && isModules(above)) {
        return scope ? null : at;
      }
      Path scoped = above == null ? null : above.getParent();
      boolean inScope =
          above != null
              && above.getFileName() != null
              && above.getFileName().toString().startsWith("@");
      if (inScope && isModules(scoped)) {
        return at;
      }
    }
    return null;
  }

  /// The nearest directory whose description has a name; those without one only say of which kind
  /// their scripts are.
  private static Path named(Path script) throws NoCopy {
    for (Path at = script.getParent(); at != null; at = at.getParent()) {
      if (description(at).filter(found -> found.get("name") instanceof JsonString).isPresent()) {
        return at;
      }
    }
    throw NoCopy.notFound("no package.json with a name is in a directory above " + script);
  }

  /// What a package says of itself; empty when it says nothing that can be read.
  static Optional<JsonObject> description(Path directory) {
    Path file = directory.resolve(DESCRIPTION);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] text = in.readNBytes(DESCRIPTION_BYTES);
      return Optional.of(Json.parseObject(text, JsonLimits.OWN));
    } catch (IOException | JsonSyntaxException unreadable) {
      return Optional.empty();
    }
  }

  /// For sentences.
  String name() {
    return String.valueOf(root.getFileName());
  }
}
