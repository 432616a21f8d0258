package dev.planaria.app.cli;

import dev.planaria.engine.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/// Rows under headings, each column as wide as its widest cell.
final class TextTable {

  /// Longer cells are cut: a description may have a hundred thousand characters.
  private static final int WIDEST_CELL = 60;

  /// Behind the last one stands nothing; reasons end with what can be done.
  private static final int WIDEST_LAST_CELL = 200;

  private final List<List<String>> rows = new ArrayList<>();

  TextTable(String... headings) {
    rows.add(List.of(headings));
  }

  /// Objects as rows, with the named members as columns.
  static TextTable of(List<JsonObject> objects, String... members) {
    var headings = new String[members.length];
    for (int i = 0; i < members.length; i++) {
      headings[i] = members[i].replace('_', ' ').toUpperCase(java.util.Locale.ROOT);
    }
    var table = new TextTable(headings);
    for (JsonObject object : objects) {
      var cells = new String[members.length];
      for (int i = 0; i < members.length; i++) {
        cells[i] = Shown.text(object, members[i]);
      }
      table.row(cells);
    }
    return table;
  }

  TextTable row(String... cells) {
    var cut = new ArrayList<String>();
    for (String cell : cells) {
      int widest = cut.size() == cells.length - 1 ? WIDEST_LAST_CELL : WIDEST_CELL;
      cut.add(cell.length() <= widest ? cell : cell.substring(0, widest - 3) + "...");
    }
    rows.add(cut);
    return this;
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append(row.get(i)).repeat(' ', width(i) - row.get(i).length() + 2);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
