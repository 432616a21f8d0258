package dev.planaria.app.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.Tree.Kind;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// What holds for Java code, read with the compiler's own parser.
final class JavaTidyRules {

  private static final int MOST_METHOD_LINES = 80;

  private static final int MOST_CONSTRUCTOR_PARAMETERS = 6;

  /// Names that say that something is there, not what it is.
  private static final Pattern EMPTY_NAME =
      Pattern.compile(".*(?:Manager|Helper|Utils?|Impl)(?:[A-Z].*)?");

  /// At least two words: what holds, said in a sentence.
  private static final Pattern SENTENCE = Pattern.compile("[a-z0-9]+(?:_[A-Za-z0-9]+)+");

  /// Looking again and again with a pause in between, until a deadline, is waiting for an event;
  /// sleeping and hoping is not.
  private static final String SLEEP = "sleep";

  private static final Set<String> TEST_ANNOTATIONS =
      Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory");

  private JavaTidyRules() {}

  /// Every breach in these files, as `path:line: rule`. Files that are not Java are passed over.
  static List<String> breaches(List<SourceFile> files) {
    JavaCompiler compiler = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
    Map<URI, Parsed> inputs =
        files.stream()
            .filter(file -> file.isJava() && !file.isBadSample())
            .map(Parsed::new)
            .collect(Collectors.toMap(Parsed::toUri, parsed -> parsed));
    if (inputs.isEmpty()) {
      return List.of();
    }
    var task =
        (JavacTask)
            compiler.getTask(null, null, null, List.of("-proc:none"), null, inputs.values());
    var found = new ArrayList<String>();
    try {
      for (CompilationUnitTree unit : task.parse()) {
        SourceFile source = Objects.requireNonNull(inputs.get(unit.getSourceFile().toUri())).source;
        new Scanner(source, unit, DocTrees.instance(task), found).scan(unit, null);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return found;
  }

  /// Hands a source file to the parser.
  private static final class Parsed extends SimpleJavaFileObject {
    private final SourceFile source;

    Parsed(SourceFile source) {
      super(URI.create("string:///" + source.path()), JavaFileObject.Kind.SOURCE);
      this.source = source;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return source.text();
    }
  }

  private static final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final SourceFile source;
    private final CompilationUnitTree unit;
    private final DocTrees trees;
    private final List<String> found;

    Scanner(SourceFile source, CompilationUnitTree unit, DocTrees trees, List<String> found) {
      this.source = source;
      this.unit = unit;
      this.trees = trees;
      this.found = found;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void unused) {
      String name = type.getSimpleName().toString();
      if (EMPTY_NAME.matcher(name).matches()) {
        add(type, name + " says that something is there, not what it is");
      }
      if (!source.isTest() && !name.isEmpty() && isVisible(type) && undocumented()) {
        add(type, "public type " + name + " has no `///` comment");
      }
      return super.visitClass(type, null);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void unused) {
      String name = method.getName().toString();
      long lines = lineOfEnd(method) - lineOfStart(method) + 1;
      if (lines > MOST_METHOD_LINES) {
        add(method, name + " has " + lines + " lines; at most " + MOST_METHOD_LINES);
      }
      boolean constructor = name.equals("<init>");
      boolean ofRecord = enclosing().getKind() == Kind.RECORD;
      int parameters = method.getParameters().size();
      if (constructor && !ofRecord && parameters > MOST_CONSTRUCTOR_PARAMETERS) {
        add(method, "a constructor with " + parameters + " parameters; group them into a record");
      }
      if (!source.isTest() && isVisibleMember(method) && undocumented()) {
        add(method, "public " + (constructor ? "constructor" : name) + " has no `///` comment");
      }
      if (isAnnotated(method.getModifiers(), TEST_ANNOTATIONS)
          && !SENTENCE.matcher(name).matches()) {
        add(method, "test name " + name + " is no sentence in snake_case");
      }
      return super.visitMethod(method, null);
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void unused) {
      if (source.isTest()
          && call.getMethodSelect() instanceof MemberSelectTree select
          && select.getIdentifier().contentEquals(SLEEP)) {
        add(call, "a test that sleeps; tick a clock or wait for an event with a deadline");
      }
      return super.visitMethodInvocation(call, null);
    }

    @Override
    public @Nullable Void visitAnnotation(AnnotationTree annotation, @Nullable Void unused) {
      if (annotation.getAnnotationType() instanceof IdentifierTree type
          && type.getName().contentEquals("Disabled")) {
        add(annotation, "a test that is switched off");
      }
      return super.visitAnnotation(annotation, null);
    }

    private boolean undocumented() {
      String comment = trees.getDocComment(getCurrentPath());
      return comment == null || comment.isBlank();
    }

    private ClassTree enclosing() {
      return (ClassTree) getCurrentPath().getParentPath().getLeaf();
    }

    private boolean isVisibleMember(MethodTree method) {
      boolean open =
          method.getModifiers().getFlags().contains(Modifier.PUBLIC)
              || (enclosing().getKind() == Kind.INTERFACE
                  && !method.getModifiers().getFlags().contains(Modifier.PRIVATE));
      return open && typesAreVisible() && !isAnnotated(method.getModifiers(), Set.of("Override"));
    }

    private boolean isVisible(ClassTree type) {
      boolean memberOfInterface =
          getCurrentPath().getParentPath().getLeaf() instanceof ClassTree outer
              && outer.getKind() == Kind.INTERFACE;
      return (memberOfInterface || type.getModifiers().getFlags().contains(Modifier.PUBLIC))
          && typesAreVisible();
    }

    /// True when every type around this place is public, or a member of an interface.
    private boolean typesAreVisible() {
      var path = getCurrentPath().getParentPath();
      while (path.getLeaf() instanceof ClassTree type) {
        Tree around = path.getParentPath().getLeaf();
        boolean open =
            type.getModifiers().getFlags().contains(Modifier.PUBLIC)
                || (around instanceof ClassTree outer && outer.getKind() == Kind.INTERFACE);
        if (!open) {
          return false;
        }
        path = path.getParentPath();
      }
      return path.getLeaf() instanceof CompilationUnitTree;
    }

    private static boolean isAnnotated(ModifiersTree modifiers, Set<String> names) {
      return modifiers.getAnnotations().stream()
          .anyMatch(annotation -> names.contains(annotation.getAnnotationType().toString()));
    }

    private long lineOfStart(Tree tree) {
      return unit.getLineMap()
          .getLineNumber(trees.getSourcePositions().getStartPosition(unit, tree));
    }

    private long lineOfEnd(Tree tree) {
      return unit.getLineMap().getLineNumber(trees.getSourcePositions().getEndPosition(unit, tree));
    }

    private void add(Tree tree, String rule) {
      found.add(source.path() + ":" + lineOfStart(tree) + ": " + rule);
    }
  }
}
