package dev.planaria.app.front;

import java.util.Locale;
import org.eclipse.jetty.http.HttpField;

/// One header field, as it was sent. The parser has seen to it that neither part holds a line break
/// or any other control character.
///
/// @param name in the sender's letter case
/// @param lowerCaseName the same in lower case, by which fields are compared (RFC 9110, section
///   5.1)
/// @param value without surrounding white space; bytes above 0x7f as ISO 8859-1
record Header(String name, String lowerCaseName, String value) {

  /// A field of our own.
  Header(String name, String value) {
    this(name, name.toLowerCase(Locale.ROOT), value);
  }

  /// A field that the parser has read; it knows common names and need not convert them.
  static Header of(HttpField field) {
    var value = field.getValue();
    return new Header(field.getName(), field.getLowerCaseName(), value == null ? "" : value);
  }

  /// True when the field has that name, given in lower case.
  boolean is(String lowerCase) {
    return lowerCaseName.equals(lowerCase);
  }
}
