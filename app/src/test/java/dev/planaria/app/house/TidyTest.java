package dev.planaria.app.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The project keeps the rules of [TidyRules] and [JavaTidyRules], and a sample that breaks each is
/// refused.
class TidyTest {

  private static final List<SourceFile> PROJECT = SourceFile.below(SourceFile.projectRoot());

  @Test
  void the_sources_of_all_modules_are_really_read() {
    assertThat(PROJECT.stream().map(SourceFile::path))
        .contains("check", "pom.xml", "app/src/test/java/dev/planaria/app/house/TidyTest.java")
        .anyMatch(path -> path.startsWith("engine/src/main/java/"))
        .anyMatch(path -> path.startsWith("bench/src/main/java/"))
        .noneMatch(path -> path.contains("/target/"));
  }

  @Test
  void files_are_tidy() {
    assertThat(TidyRules.breaches(PROJECT)).isEmpty();
  }

  @Test
  void java_code_is_tidy() {
    assertThat(JavaTidyRules.breaches(PROJECT)).isEmpty();
  }

  @Test
  void a_file_that_is_too_long_is_refused() {
    assertThat(TidyRules.breaches(List.of(product("// line\n".repeat(501)))))
        .contains("x/src/main/java/p/A.java:1: 501 lines; at most 500, split by meaning");
    assertThat(TidyRules.breaches(List.of(product("// line\n".repeat(500)))))
        .noneMatch(breach -> breach.contains("500 lines"));
  }

  @Test
  void a_path_of_one_machine_is_refused_in_any_kind_of_file() {
    for (String directory : List.of("root", "home", "work", "tmp", "usr/lib/jvm")) {
      var text = new SourceFile("notes.md", "first\nsee `" + "/" + directory + "/x/y`\n");
      assertThat(TidyRules.breaches(List.of(text)))
          .containsExactly("notes.md:2: a path of one machine");
    }
    var relative = new SourceFile("notes.md", "a/work/b, https://example.org/home/x and /mcp\n");
    assertThat(TidyRules.breaches(List.of(relative))).isEmpty();
  }

  @Test
  void a_document_that_names_a_test_which_is_not_there_is_refused() {
    var text = new SourceFile("notes.md", "shown by `ATest` and `BTest`\n");
    var test = new SourceFile("x/src/test/java/p/ATest.java", "class ATest {}");
    assertThat(TidyRules.breaches(List.of(text, test)))
        .contains("notes.md: there is no test BTest")
        .noneMatch(breach -> breach.contains("ATest"));
  }

  @Test
  void a_package_without_a_description_is_refused() {
    assertThat(TidyRules.breaches(List.of(product("package p;"))))
        .containsExactly(
            "x/src/main/java/p: no package-info.java with a `///` description and @NullMarked");
    var description =
        new SourceFile("x/src/main/java/p/package-info.java", "/// Why.\n@NullMarked\npackage p;");
    var test = new SourceFile("x/src/test/java/p/ATest.java", "package p;");
    assertThat(TidyRules.breaches(List.of(product("package p;"), test, description))).isEmpty();
  }

  @Test
  void an_old_doc_comment_is_refused() {
    assertThat(TidyRules.breaches(List.of(product("/" + "** Old. */\nclass A {}"))))
        .contains("x/src/main/java/p/A.java:1: a doc comment that is not `///` Markdown");
  }

  @Test
  void a_method_that_is_too_long_is_refused() {
    String body = "    int x;\n".repeat(79);
    assertThat(inProduct("class A {\n  void f() {\n" + body + "  }\n}\n"))
        .containsExactly("x/src/main/java/p/A.java:2: f has 81 lines; at most 80");
  }

  @Test
  void a_constructor_with_too_many_parameters_is_refused_but_a_record_is_not() {
    String seven = "int a, int b, int c, int d, int e, int f, int g";
    assertThat(inProduct("class A { A(" + seven + ") {} }"))
        .containsExactly(
            "x/src/main/java/p/A.java:1: a constructor with 7 parameters; group them into a"
                + " record");
    assertThat(inProduct("record A(" + seven + ") { A { assert a > 0; } }")).isEmpty();
  }

  @Test
  void a_name_that_says_nothing_is_refused() {
    for (String name : List.of("SessionManager", "Utils", "StoreImpl", "HelperThread")) {
      assertThat(inProduct("class " + name + " {}")).hasSize(1);
    }
    assertThat(inProduct("class Implement {}")).isEmpty();
  }

  @Test
  void a_public_type_or_method_without_a_comment_is_refused() {
    assertThat(
            inProduct(
                """
                public class A {
                  public void f() {}
                  void hidden() {}
                  @Override public String toString() { return ""; }
                  public interface B { void g(); }
                  private interface C { void h(); }
                }
                """))
        .containsExactly(
            "x/src/main/java/p/A.java:1: public type A has no `///` comment",
            "x/src/main/java/p/A.java:2: public f has no `///` comment",
            "x/src/main/java/p/A.java:5: public type B has no `///` comment",
            "x/src/main/java/p/A.java:5: public g has no `///` comment");
    assertThat(inProduct("/// Why.\npublic class A {\n  /// How.\n  public void f() {}\n}"))
        .isEmpty();
  }

  @Test
  void a_test_that_sleeps_or_is_switched_off_or_has_no_sentence_for_a_name_is_refused() {
    var test =
        new SourceFile(
            "x/src/test/java/p/ATest.java",
            """
            class ATest {
              @Test void testF() throws Exception {
                Thread.sleep(50);
                TimeUnit.SECONDS.sleep(1);
              }
              @Disabled @Test void it_holds() {}
            }
            """);
    assertThat(JavaTidyRules.breaches(List.of(test)))
        .containsExactly(
            "x/src/test/java/p/ATest.java:2: test name testF is no sentence in snake_case",
            "x/src/test/java/p/ATest.java:3: a test that sleeps; tick a clock or wait for an event"
                + " with a deadline",
            "x/src/test/java/p/ATest.java:4: a test that sleeps; tick a clock or wait for an event"
                + " with a deadline",
            "x/src/test/java/p/ATest.java:6: a test that is switched off");
  }

  private static List<String> inProduct(String text) {
    return JavaTidyRules.breaches(List.of(product(text)));
  }

  private static SourceFile product(String text) {
    return new SourceFile("x/src/main/java/p/A.java", text);
  }
}
