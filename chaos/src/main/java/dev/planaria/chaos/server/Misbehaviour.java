package dev.planaria.chaos.server;

import dev.planaria.chaos.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a [DiaryServer] does besides its duty, as it stands in a file beside its diary.
///
/// @param kind the fault's name, empty for none
/// @param amount milliseconds or messages; 0 where there is nothing to count
record Misbehaviour(String kind, long amount) {

  static final Misbehaviour NONE = new Misbehaviour("", 0);

  private static final Pattern TEXT = Pattern.compile("([a-z_]{1,32}) ([0-9]{1,9})");

  /// Where it stands.
  static Path file(Path diary) {
    return diary.resolveSibling(diary.getFileName() + ".fault");
  }

  /// What a fault means for a server; none when it means nothing.
  static Misbehaviour of(Fault fault) {
    return switch (fault) {
      case Fault.CrashLoop() -> new Misbehaviour(fault.kind(), 0);
      case Fault.SlowAnswers(long millis) -> new Misbehaviour(fault.kind(), millis);
      case Fault.Flood(int messages) -> new Misbehaviour(fault.kind(), messages);
      case Fault.Lie() -> new Misbehaviour(fault.kind(), 0);
      default -> NONE;
    };
  }

  /// What is in force now.
  static Misbehaviour now(Path diary) throws IOException {
    try {
      Matcher text = TEXT.matcher(Files.readString(file(diary)));
      return text.matches() ? new Misbehaviour(text.group(1), Long.parseLong(text.group(2))) : NONE;
    } catch (NoSuchFileException none) {
      return NONE;
    }
  }

  boolean isNone() {
    return kind.isEmpty();
  }

  String toText() {
    return kind + " " + amount;
  }
}
