package dev.planaria.app.gateway.upstreams.echo;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an [EchoServer] was started with: words that switch something on, and words with a value
/// behind them.
public record EchoOptions(List<String> words) {

  /// The options of a command line.
  public static EchoOptions of(String... words) {
    return new EchoOptions(List.of(words));
  }

  boolean has(String word) {
    return words.contains(word);
  }

  @Nullable String text(String word) {
    int at = words.indexOf(word);
    return at < 0 || at + 1 >= words.size() ? null : words.get(at + 1);
  }

  /// The number behind a word; -1 without the word.
  int number(String word) {
    String text = text(word);
    return text == null ? -1 : Integer.parseInt(text);
  }

  /// Where `effect` writes: an argument, else the environment.
  @Nullable Path effects() {
    String text = text("--effects");
    String file = text == null ? System.getenv("ECHO_LOG") : text;
    return file == null ? null : Path.of(file);
  }

  boolean speaksLegacy() {
    return !"modern".equals(text("--era"));
  }

  boolean speaksModern() {
    return !"legacy".equals(text("--era"));
  }

  @Override
  public String toString() {
    return Arrays.toString(words.toArray());
  }
}
