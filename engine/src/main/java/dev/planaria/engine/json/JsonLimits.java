package dev.planaria.engine.json;

/// How much one JSON text may ask of its reader. Exceeding one is a [JsonSyntaxException] that
/// names the limit.
///
/// @param documentBytes length of the text as UTF-8
/// @param depth how deep arrays and objects may nest; reading is recursive, so at most 1,000
/// @param stringCharacters length of one string, in UTF-16 units
/// @param nameCharacters length of one member name
/// @param numberCharacters length of one number; what nobody can compute with need not be carried
/// @param tokens values, names and ends of arrays and objects together; each costs about a hundred
///   bytes of memory while one character of text may be enough to write it
public record JsonLimits(
    int documentBytes,
    int depth,
    int stringCharacters,
    int nameCharacters,
    int numberCharacters,
    long tokens) {

  private static final int DEEPEST = 1_000;

  /// Deeper than any value that the product accepts, and what it is wrapped in.
  private static final int OWN_DEPTH = 600;

  /// For texts from outside. 4 MiB is the largest message that the product accepts, and one string
  /// may fill it; real messages nest less than 20 deep, name members in less than 100 characters,
  /// write numbers in less than 25, and a tree of 200,000 tokens takes some 20 MB.
  public static final JsonLimits DEFAULT =
      new JsonLimits(4 << 20, 64, 4 << 20, 1_024, 1_000, 200_000);

  /// For texts that the product wrote itself, which a checksum vouches for: whatever was accepted
  /// once can be read again.
  public static final JsonLimits OWN =
      new JsonLimits(
          Integer.MAX_VALUE,
          OWN_DEPTH,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Integer.MAX_VALUE,
          Long.MAX_VALUE);

  /// Checks the bounds of the limits themselves.
  ///
  /// @throws IllegalArgumentException when one is not positive or the depth is over 1,000
  public JsonLimits {
    if (documentBytes < 1 || stringCharacters < 1 || nameCharacters < 1 || numberCharacters < 1) {
      throw new IllegalArgumentException("every JSON limit is at least 1");
    }
    if (tokens < 1 || depth < 1 || depth > DEEPEST) {
      throw new IllegalArgumentException("the depth of JSON is between 1 and " + DEEPEST);
    }
  }
}
