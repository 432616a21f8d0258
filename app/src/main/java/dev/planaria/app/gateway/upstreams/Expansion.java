package dev.planaria.app.gateway.upstreams;

import dev.planaria.engine.json.FieldException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Puts environment variables into texts of the operator's file: `${NAME}`, `${env:NAME}`, or
/// `${NAME:-else}`. What is put in is not looked through again.
///
/// @param variables our own environment; null to leave texts as they are
record Expansion(@Nullable Map<String, String> variables) {
  /// Leaves texts as they are.
  static final Expansion NONE = new Expansion(null);

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?}");

  /// @param path where the text stands, for the error
  /// @throws FieldException when a variable is not set and nothing stands in for it
  String of(String path, String text) {
    if (variables == null) {
      return text;
    }
    Matcher found = REFERENCE.matcher(text);
    var whole = new StringBuilder();
    while (found.find()) {
      String value = variables.get(found.group(1));
      if (value == null && found.group(2) == null) {
        throw new FieldException(
            path, "names the variable " + found.group(1) + ", which is not set for the daemon");
      }
      found.appendReplacement(
          whole, Matcher.quoteReplacement(value == null ? found.group(3) : value));
    }
    return found.appendTail(whole).toString();
  }
}
