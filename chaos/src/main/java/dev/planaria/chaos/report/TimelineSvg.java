package dev.planaria.chaos.report;

import dev.planaria.chaos.report.Moment.Lane;
import dev.planaria.engine.json.WireName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;

/// Draws what happened in a run: one lane each for faults, states and operations, one above the
/// other on one axis of time. A lane with many moments becomes columns that count them.
final class TimelineSvg {

  private static final int WIDTH = 1_000;
  private static final int LEFT = 96;
  private static final int RIGHT = WIDTH - 12;
  private static final int ROW = 18;
  private static final int GAP = 14;
  private static final int AXIS = 24;

  /// Deeper lanes could not be read; what has no row is drawn without its words in the last one.
  private static final int MOST_ROWS = 8;

  /// More marks than that would lie on top of each other.
  private static final int MOST_MARKS = 60;

  private static final int COLUMNS = 180;
  private static final int COLUMN_HEIGHT = 44;
  private static final int LABEL_CHARACTERS = 44;
  private static final double CHARACTER = 5.9;

  private final Markup out;
  private final List<Moment> moments;
  private final double begin;
  private final double span;

  private TimelineSvg(Markup out, List<Moment> moments) {
    this.out = out;
    this.moments = moments.stream().sorted(Comparator.comparingLong(Moment::atMillis)).toList();
    this.begin = Math.min(0, moments.stream().mapToDouble(Moment::atMillis).min().orElse(0));
    double end = moments.stream().mapToDouble(TimelineSvg::end).max().orElse(0);
    this.span = Math.max(1, end - begin);
  }

  /// A mark of a moment, with or without its words.
  ///
  /// @param row in which row of its lane
  /// @param words what stands beside it; empty for nothing
  /// @param place where they stand
  private record Mark(Moment moment, int row, String words, Place place) {}

  /// Where the words of a mark stand.
  private enum Place {
    AFTER,
    BEFORE,
    WITHIN
  }

  /// Draws a run's moments; nothing when there are none.
  static void draw(Markup out, RunReport run) {
    if (!run.timeline().isEmpty()) {
      new TimelineSvg(out, run.timeline()).draw("Timeline of " + run.experiment());
    }
  }

  private void draw(String label) {
    var marks = new EnumMap<Lane, List<Mark>>(Lane.class);
    int height = GAP;
    for (Lane lane : Lane.values()) {
      List<Mark> drawn = marks(lane);
      marks.put(lane, drawn);
      height += height(drawn) + GAP;
    }
    out.open(
            "svg",
            "viewBox",
            "0 0 " + WIDTH + " " + (height + AXIS),
            "role",
            "img",
            "aria-label",
            label)
        .line();
    axis(height);
    bands(height);
    int top = GAP;
    for (Lane lane : Lane.values()) {
      List<Mark> drawn = marks.getOrDefault(lane, List.of());
      text("name", 0, top + ROW - 5.0, "start", name(lane));
      if (isCounted(lane)) {
        columns(lane, top);
      } else {
        int from = top;
        drawn.forEach(mark -> mark(mark, from));
      }
      top += height(drawn) + GAP;
      out.empty(
              "line",
              "class",
              "grid",
              "x1",
              "0",
              "x2",
              "" + WIDTH,
              "y1",
              "" + (top - GAP / 2),
              "y2",
              "" + (top - GAP / 2))
          .line();
    }
    out.close("svg").line();
  }

  private static String name(Lane lane) {
    return switch (lane) {
      case FAULT -> "Faults";
      case STATE -> "States";
      case OPERATION -> "Operations";
    };
  }

  private boolean isCounted(Lane lane) {
    return moments.stream().filter(moment -> moment.lane() == lane).count() > MOST_MARKS;
  }

  private static int height(List<Mark> marks) {
    // A lane of columns has no marks, and neither has an empty one.
    return marks.isEmpty()
        ? COLUMN_HEIGHT
        : ROW * (1 + marks.stream().mapToInt(Mark::row).max().orElse(0));
  }

  /// Gives each moment the first row in which it and its words have room.
  private List<Mark> marks(Lane lane) {
    if (isCounted(lane)) {
      return List.of();
    }
    var marks = new ArrayList<Mark>();
    var ends = new ArrayList<Double>();
    for (Moment moment : moments) {
      if (moment.lane() == lane) {
        String words = Wording.cut(moment.sentence(), LABEL_CHARACTERS);
        double room = words.length() * CHARACTER + 12;
        double from = x(begin(moment));
        double to = x(end(moment)) + 10;
        Place place =
            to + room <= RIGHT ? Place.AFTER : from - room > LEFT ? Place.BEFORE : Place.WITHIN;
        int row =
            switch (place) {
              case AFTER -> rowFor(ends, from, to + room);
              case BEFORE -> rowFor(ends, from - room, to);
              case WITHIN -> rowFor(ends, from, Math.max(to, from + room));
            };
        boolean hasRoom = row < MOST_ROWS;
        marks.add(new Mark(moment, hasRoom ? row : MOST_ROWS - 1, hasRoom ? words : "", place));
      }
    }
    return marks;
  }

  private static int rowFor(List<Double> ends, double from, double to) {
    for (int row = 0; row < ends.size(); row++) {
      if (ends.get(row) <= from) {
        ends.set(row, to);
        return row;
      }
    }
    if (ends.size() < MOST_ROWS) {
      ends.add(to);
      return ends.size() - 1;
    }
    return MOST_ROWS;
  }

  private void mark(Mark mark, int top) {
    Moment moment = mark.moment();
    String style = WireName.of(moment.lane());
    double y = top + mark.row() * ROW;
    double from = x(begin(moment));
    double to = Math.max(from + 3, x(end(moment)));
    out.open("g").element("title", told(moment));
    if (moment.lengthMillis() > 0) {
      rectangle(style, from, y + 2, to - from, ROW - 5.0);
    } else if (moment.lane() == Lane.FAULT) {
      out.empty(
          "path", "class", style, "d", "M" + at(from) + " " + at(y + 2) + "l5 6.5l-5 6.5l-5 -6.5z");
    } else {
      out.empty("circle", "class", style, "cx", at(from), "cy", at(y + 8), "r", "4");
    }
    switch (mark.place()) {
      case AFTER ->
          text("", to + (moment.lengthMillis() > 0 ? 5 : 7), y + 12, "start", mark.words());
      case BEFORE -> text("", from - 9, y + 12, "end", mark.words());
      case WITHIN -> text("within", from + 8, y + 12, "start", mark.words());
    }
    out.close("g").line();
  }

  /// How many moments fell into each stretch of time.
  private void columns(Lane lane, int top) {
    var counts = new int[COLUMNS];
    for (Moment moment : moments) {
      if (moment.lane() == lane) {
        int column = (int) ((begin(moment) - begin) / span * COLUMNS);
        counts[Math.clamp(column, 0, COLUMNS - 1)]++;
      }
    }
    int most = 1;
    for (int count : counts) {
      most = Math.max(most, count);
    }
    double width = (RIGHT - LEFT) / (double) COLUMNS;
    for (int column = 0; column < COLUMNS; column++) {
      if (counts[column] > 0) {
        double height = Math.max(1, counts[column] * (double) COLUMN_HEIGHT / most);
        double from = begin + span * column / COLUMNS;
        out.open("g")
            .element(
                "title",
                counts[column] + " from " + time(from) + " to " + time(from + span / COLUMNS));
        rectangle(
            WireName.of(lane),
            LEFT + column * width,
            top + COLUMN_HEIGHT - height,
            width - 0.6,
            height);
        out.close("g").line();
      }
    }
    text("axis", 0, top + ROW + 9.0, "start", "at most " + most);
  }

  /// A shade through all lanes while a fault lasted.
  private void bands(int height) {
    moments.stream()
        .filter(moment -> moment.lane() == Lane.FAULT)
        .limit(MOST_MARKS)
        .forEach(fault -> {
          double from = x(begin(fault));
          rectangle("band", from, 0, Math.max(2, x(end(fault)) - from), height);
        });
    out.line();
  }

  private void axis(int height) {
    double step = step();
    for (double at = Math.ceil(begin / step) * step; at <= begin + span; at += step) {
      String x = at(x(at));
      out.empty("line", "class", "grid", "x1", x, "x2", x, "y1", "0", "y2", "" + height);
      text("axis", x(at), height + 15.0, "middle", time(at));
    }
    out.line();
  }

  /// 1, 2 or 5 times a power of ten, so that there are at most ten of them.
  private double step() {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(10, span) / 10)));
    for (int times : List.of(1, 2, 5)) {
      if (span / (power * times) <= 10) {
        return power * times;
      }
    }
    return power * 10;
  }

  private void rectangle(String style, double x, double y, double width, double height) {
    out.empty(
        "rect",
        "class",
        style,
        "x",
        at(x),
        "y",
        at(y),
        "width",
        at(width),
        "height",
        at(height),
        "rx",
        style.equals("band") ? "0" : "1.5");
  }

  private void text(String style, double x, double y, String anchor, String words) {
    if (!words.isEmpty()) {
      out.element("text", words, "class", style, "x", at(x), "y", at(y), "text-anchor", anchor);
    }
  }

  private static String told(Moment moment) {
    String length =
        moment.lengthMillis() > 0 ? ", for " + Wording.duration(moment.lengthMillis()) : "";
    return "at " + time(begin(moment)) + length + ": " + Wording.cut(moment.sentence(), 400);
  }

  private static double begin(Moment moment) {
    return (double) moment.atMillis();
  }

  private static double end(Moment moment) {
    return begin(moment) + moment.lengthMillis();
  }

  private double x(double millis) {
    return LEFT + (millis - begin) / span * (RIGHT - LEFT);
  }

  private static String time(double millis) {
    return Math.abs(millis) < 1_000
        ? Math.round(millis) + " ms"
        : String.format(Locale.ROOT, "%.2f s", millis / 1_000).replaceFirst("\\.?0+ s$", " s");
  }

  private static String at(double position) {
    return String.format(Locale.ROOT, "%.1f", position);
  }
}
