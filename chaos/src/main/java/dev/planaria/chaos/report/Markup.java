package dev.planaria.chaos.report;

/// Writes HTML, SVG and XML, and lets no text through that is not escaped: names of elements and
/// attributes come from the code, everything else is escaped here. Not thread-safe.
final class Markup {

  private final StringBuilder out;

  /// @param prolog what stands before the first element, as it is
  Markup(String prolog) {
    out = new StringBuilder(prolog);
  }

  /// Begins an element.
  ///
  /// @param attributes names and values, in turn
  Markup open(String element, String... attributes) {
    return tag(element, attributes, ">");
  }

  /// Ends an element.
  Markup close(String element) {
    out.append("</").append(element).append('>');
    return this;
  }

  /// An element without content.
  Markup empty(String element, String... attributes) {
    return tag(element, attributes, "/>");
  }

  /// An element with a text in it.
  Markup element(String element, String text, String... attributes) {
    return open(element, attributes).text(text).close(element);
  }

  /// A text.
  Markup text(String text) {
    out.append(Wording.escaped(text));
    return this;
  }

  /// The end of a line.
  Markup line() {
    out.append('\n');
    return this;
  }

  /// The one text that is not escaped: a style sheet, which comes from the code and contains
  /// nothing that ends it.
  Markup style(String sheet) {
    out.append("<style>").append(sheet).append("</style>");
    return this;
  }

  private Markup tag(String element, String[] attributes, String end) {
    out.append('<').append(element);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ')
          .append(attributes[i])
          .append("=\"")
          .append(Wording.escaped(attributes[i + 1]))
          .append('"');
    }
    out.append(end);
    return this;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
