package dev.planaria.chaos.link;

/// What happens to a connection.
public sealed interface LinkFault {

  /// Nothing.
  record None() implements LinkFault {}

  /// Closed as soon as something was sent.
  record Drop() implements LinkFault {}

  /// Reset as soon as something was sent.
  record Reset() implements LinkFault {}

  /// Everything is swallowed.
  record Silence() implements LinkFault {}

  /// What is asked arrives, what is answered does not.
  record AnswersLost() implements LinkFault {}

  /// Everything arrives, late.
  ///
  /// @param millis by how much
  record Delay(long millis) implements LinkFault {}

  /// Only so much passes.
  ///
  /// @param bytesPerSecond in each direction of a connection
  record Rate(long bytesPerSecond) implements LinkFault {}

  /// What the server says arrives byte by byte.
  record Bytes() implements LinkFault {}

  /// The server says only so much, then the connection is closed.
  ///
  /// @param bytes how much
  record CutAfter(int bytes) implements LinkFault {}

  /// Something stands in the middle of the next piece of what the server says, and the connection
  /// is closed behind that piece.
  ///
  /// @param inserted what; one byte to a character (ISO 8859-1)
  record Garbage(String inserted) implements LinkFault {}

  /// Something else answers, and closes.
  ///
  /// @param text what it says
  record Answer(String text) implements LinkFault {}

  /// Something else answers, with as much as anybody likes, and closes.
  ///
  /// @param head what it begins with
  /// @param piece what follows, again and again
  /// @param times how often
  /// @param tail what it ends with
  record Flood(String head, String piece, long times, String tail) implements LinkFault {}
}
