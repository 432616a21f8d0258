package dev.planaria.app.metrics;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A strict reader of the text format of Prometheus, version 0.0.4 ("Exposition formats" in its
/// documentation): whatever the format does not allow is an error that names the line.
final class Exposition {
  private static final Pattern COMMENT =
      Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL =
      Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");
  private static final Set<String> TYPES =
      Set.of("counter", "gauge", "histogram", "summary", "untyped");

  /// A family of samples.
  ///
  /// @param type as it was declared
  /// @param samples in order
  record Family(String name, String type, String help, List<Sample> samples) {}

  /// One sample.
  ///
  /// @param name with its suffix
  /// @param labels by name
  record Sample(String name, Map<String, String> labels, double value) {}

  private final Map<String, Family> families = new LinkedHashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final Map<String, String> help = new LinkedHashMap<>();
  private String current = "";

  private Exposition() {}

  /// Reads a whole document.
  static Map<String, Family> parse(String text) {
    if (!text.endsWith("\n")) {
      throw new AssertionError("the last line does not end");
    }
    var reader = new Exposition();
    text.lines().forEach(reader::line);
    reader.families.values().forEach(Exposition::check);
    return reader.families;
  }

  private void line(String line) {
    if (line.startsWith("#")) {
      Matcher comment = COMMENT.matcher(line);
      require(comment.matches(), line, "no HELP or TYPE");
      comment(comment.group(1), comment.group(2), comment.group(3), line);
      return;
    }
    Matcher sample = SAMPLE.matcher(line);
    require(sample.matches(), line, "no sample");
    Map<String, String> labels = labels(sample.group(2), line);
    String name = sample.group(1);
    require(seen.add(name + labels), line, "the same sample again");
    Family family = families.get(current);
    require(family != null && belongs(name, family), line, "not of the family " + current);
    if (family != null) {
      family.samples().add(new Sample(name, labels, value(sample.group(3), line)));
    }
  }

  private void comment(String kind, String name, String words, String line) {
    if (kind.equals("HELP")) {
      require(help.put(name, words) == null, line, "a second HELP");
      return;
    }
    require(TYPES.contains(words), line, "no such type");
    require(!families.containsKey(name), line, "a second TYPE");
    families.put(name, new Family(name, words, help.getOrDefault(name, ""), new ArrayList<>()));
    current = name;
  }

  private static boolean belongs(String name, Family family) {
    return switch (family.type()) {
      case "histogram" ->
          Set.of("_bucket", "_sum", "_count").stream()
              .anyMatch(suffix -> name.equals(family.name() + suffix));
      case "summary" ->
          name.equals(family.name())
              || name.equals(family.name() + "_sum")
              || name.equals(family.name() + "_count");
      default -> name.equals(family.name());
    };
  }

  private static Map<String, String> labels(@Nullable String text, String line) {
    var labels = new TreeMap<String, String>();
    if (text == null) {
      return labels;
    }
    Matcher label = LABEL.matcher(text);
    int at = 0;
    while (at < text.length()) {
      require(label.find(at) && label.start() == at, line, "no label at " + at);
      require(labels.put(label.group(1), label.group(2)) == null, line, "a label twice");
      at = label.end();
    }
    return labels;
  }

  private static double value(String text, String line) {
    return switch (text) {
      case "NaN" -> Double.NaN;
      case "+Inf" -> Double.POSITIVE_INFINITY;
      case "-Inf" -> Double.NEGATIVE_INFINITY;
      default -> {
        require(text.matches("[+-]?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?"), line, "no number");
        yield Double.parseDouble(text);
      }
    };
  }

  private static void check(Family family) {
    String name = family.name();
    require(!family.samples().isEmpty(), name, "a family without samples");
    require(!family.help().isEmpty(), name, "no HELP");
    boolean counter = family.type().equals("counter");
    require(counter == name.endsWith("_total"), name, "a counter, and nothing else, is a total");
    if (counter) {
      family.samples().forEach(sample -> require(sample.value() >= 0, name, "below zero"));
    }
    if (family.type().equals("histogram")) {
      checkBuckets(family);
    }
  }

  private static void checkBuckets(Family family) {
    double before = 0;
    double bound = Double.NEGATIVE_INFINITY;
    double count = Double.NaN;
    for (Sample sample : family.samples()) {
      if (sample.name().endsWith("_bucket")) {
        double next = value(sample.labels().getOrDefault("le", ""), family.name());
        require(next > bound, family.name(), "bounds that do not rise");
        require(sample.value() >= before, family.name(), "buckets that do not add up");
        bound = next;
        before = sample.value();
      } else if (sample.name().endsWith("_count")) {
        count = sample.value();
      }
    }
    require(bound == Double.POSITIVE_INFINITY, family.name(), "no last bucket");
    require(count == before, family.name(), "a count that is not the last bucket");
  }

  private static void require(boolean holds, String where, String what) {
    if (!holds) {
      throw new AssertionError(what + ": " + where);
    }
  }
}
