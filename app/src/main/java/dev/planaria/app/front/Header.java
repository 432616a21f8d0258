package dev.planaria.app.front;

/// One header field, as it was sent. The parser has seen to it that neither part holds a line break
/// or any other control character.
///
/// @param name in the sender's letter case; compare without regard to case
/// @param value without surrounding white space; bytes above 0x7f as ISO 8859-1
record Header(String name, String value) {

  /// True when the field has that name.
  boolean is(String other) {
    return name.equalsIgnoreCase(other);
  }
}
