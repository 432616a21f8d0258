package dev.planaria.app.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What holds for files as text; [JavaTidyRules] has what needs Java to be understood.
final class TidyRules {

  private static final int MOST_LINES = 500;

  /// Directories of one machine. The pieces keep this file from finding itself.
  private static final Pattern MACHINE_PATH =
      Pattern.compile(
          "(?<![\\w.$}~-])/(?:"
              + String.join(
                  "|", "work", "root", "home", "mnt", "srv", "tmp", "Users", "usr" + "/lib/jvm")
              + ")/[\\w.]");

  /// Looks for a JDK where they usually lie, so it has to name those places.
  private static final Set<String> MAY_NAME_MACHINE_PATHS = Set.of("launcher/find-java.sh");

  private static final Pattern NAMED_TEST = Pattern.compile("`([A-Z][A-Za-z]*Test)`");

  private TidyRules() {}

  /// Every breach in these files, as `path:line: rule`.
  static List<String> breaches(List<SourceFile> files) {
    var found = new ArrayList<String>();
    for (SourceFile file : files) {
      machinePaths(file, found);
      if (file.isJava()) {
        tooLong(file, found);
        oldDocComments(file, found);
      }
    }
    packagesWithoutDescription(files, found);
    testsThatAreNot(files, found);
    return found;
  }

  private static void tooLong(SourceFile file, List<String> found) {
    int lines = file.lines().size();
    if (lines > MOST_LINES) {
      found.add(
          file.path() + ":1: " + lines + " lines; at most " + MOST_LINES + ", split by meaning");
    }
  }

  private static void machinePaths(SourceFile file, List<String> found) {
    if (MAY_NAME_MACHINE_PATHS.contains(file.path())) {
      return;
    }
    eachLine(file, MACHINE_PATH, "a path of one machine", found);
  }

  private static void oldDocComments(SourceFile file, List<String> found) {
    eachLine(
        file, Pattern.compile("^\\s*/\\*\\*"), "a doc comment that is not `///` Markdown", found);
  }

  private static void eachLine(SourceFile file, Pattern unwanted, String rule, List<String> found) {
    List<String> lines = file.lines();
    for (int i = 0; i < lines.size(); i++) {
      if (unwanted.matcher(lines.get(i)).find()) {
        found.add(file.path() + ":" + (i + 1) + ": " + rule);
      }
    }
  }

  /// A document that claims that something is tested names a test that is there.
  private static void testsThatAreNot(List<SourceFile> files, List<String> found) {
    Set<String> tests =
        files.stream()
            .filter(SourceFile::isTest)
            .map(file -> file.path().replaceAll(".*/|\\.java$", ""))
            .collect(Collectors.toSet());
    for (SourceFile file : files) {
      if (file.path().endsWith(".md")) {
        NAMED_TEST
            .matcher(file.text())
            .results()
            .map(named -> named.group(1))
            .filter(name -> !tests.contains(name))
            .forEach(name -> found.add(file.path() + ": there is no test " + name));
      }
    }
  }

  /// A package is described where its product code lies, or, if it is of tests alone, there.
  private static void packagesWithoutDescription(List<SourceFile> files, List<String> found) {
    Set<String> described =
        files.stream()
            .filter(file -> file.path().endsWith("/package-info.java"))
            .filter(file -> file.text().contains("@NullMarked") && file.text().startsWith("///"))
            .map(file -> packageOf(file.path()))
            .collect(Collectors.toSet());
    files.stream()
        .filter(SourceFile::isJava)
        .map(file -> packageOf(file.path()))
        .distinct()
        .filter(name -> !described.contains(name))
        .forEach(name ->
            found.add(name + ": no package-info.java with a `///` description and @NullMarked"));
  }

  /// Test and product halves of a package count as one.
  private static String packageOf(String path) {
    String directory = path.contains("/") ? path.substring(0, path.lastIndexOf('/')) : "";
    return directory.replace("/src/test/java/", "/src/main/java/");
  }
}
