package dev.planaria.chaos.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What a [DiaryServer] has written down, through all its lives.
///
/// @param effects the names of the effects that ran, in order, each as often as it ran
/// @param processes the process ids of its lives, in order
/// @param faults how many calls it did something to that it should not
public record Diary(List<String> effects, List<Long> processes, long faults) {

  private static final String EFFECT = "effect ";
  private static final String START = "start ";
  private static final String FAULT = "fault ";

  /// Copies the lists.
  public Diary {
    effects = List.copyOf(effects);
    processes = List.copyOf(processes);
  }

  /// Reads one; an empty one when there is no file.
  ///
  /// @throws IOException when it cannot be read
  public static Diary read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return new Diary(List.of(), List.of(), 0);
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    return new Diary(
        lines.stream()
            .filter(line -> line.startsWith(EFFECT))
            .map(line -> line.substring(EFFECT.length()))
            .toList(),
        lines.stream()
            .filter(line -> line.startsWith(START))
            .map(line -> Long.parseLong(line.substring(START.length())))
            .toList(),
        lines.stream().filter(line -> line.startsWith(FAULT)).count());
  }
}
