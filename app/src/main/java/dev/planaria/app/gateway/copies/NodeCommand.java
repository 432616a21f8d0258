package dev.planaria.app.gateway.copies;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A command that runs a script of Node's, taken apart.
///
/// @param before what stands before the script: `node` and its options, or nothing
/// @param script its real path
/// @param after its arguments
record NodeCommand(List<String> before, Path script, List<String> after) {
  /// Copies.
  NodeCommand {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /// The same with the script elsewhere.
  List<String> with(Path elsewhere) {
    var argv = new ArrayList<>(before);
    argv.add(elsewhere.toString());
    argv.addAll(after);
    return argv;
  }
}
