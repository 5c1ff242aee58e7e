package dev.fovea.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ThrowTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing that a program reads depends on the default locale: numbers of file names, reports and
 * manifests are written in ASCII digits everywhere. Sentences for people may follow the locale.
 */
class LocaleTest {
  /** Conversions of {@link java.util.Formatter} that write the digits of the locale. */
  private static final Pattern LOCAL = Pattern.compile("%[-0-9$,+# (.]*[dfegEGtT]");

  /** Of these the ones that also pad, group or round, as figures and names of files do. */
  private static final Pattern FIGURE =
      Pattern.compile("%([-0-9$,+# (.]+[dt]|[-0-9$,+# (.]*[fegEGT])");

  private static final Set<String> CASES = Set.of("toLowerCase", "toUpperCase");
  private static final Set<String> FORMATS = Set.of("format", "printf", "ofPattern");

  @Test
  void nothingButSentencesIsWrittenInDigitsOrLettersOfTheDefaultLocale() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("submit/fovea"))) {
      root = root.getParent();
    }
    List<Path> sources = new ArrayList<>();
    for (String module : List.of("model", "datasets-prep", "spark-jobs")) {
      try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/main/java"))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    assertThat(sources).hasSizeGreaterThan(100);
    assertThat(faults(sources)).isEmpty();
  }

  @Test
  void theRuleFindsWhatItIsMeantToFind(@TempDir Path folder) throws IOException {
    Path source =
        Files.writeString(
            folder.resolve("A.java"),
            """
            class A {
              String a = "step-%08d".formatted(1);
              String b = String.format("%.2f", 1.0);
              String c = "I".toLowerCase();
              String d = ("x" + "%d").formatted(1);
              String e = "%s".formatted(1);
              String f = String.format(java.util.Locale.ROOT, "%d", 1);
              String h = "step %d of two".formatted(1);
              String i = "<b>%d and</b>".formatted(1);
              void g() { throw new IllegalStateException("%d".formatted(1)); }
            }
            """);
    assertThat(faults(List.of(source)))
        .extracting(fault -> fault.replaceFirst(".*:(\\d+).*", "$1"))
        .containsExactly("2", "3", "4", "5", "9");
  }

  private static List<String> faults(List<Path> sources) throws IOException {
    List<String> faults = new ArrayList<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  null,
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources));
      Trees trees = Trees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new Calls(unit, trees, faults).scan(unit, null);
      }
    }
    return faults;
  }

  private static final class Calls extends TreePathScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final Trees trees;
    private final List<String> faults;

    Calls(CompilationUnitTree unit, Trees trees, List<String> faults) {
      this.unit = unit;
      this.trees = trees;
      this.faults = faults;
    }

    @Override
    public Void visitMethodInvocation(MethodInvocationTree call, Void unused) {
      if (call.getMethodSelect() instanceof MemberSelectTree method && isFault(call, method)) {
        long at = trees.getSourcePositions().getEndPosition(unit, method);
        faults.add(
            "%s:%s %s"
                .formatted(
                    unit.getSourceFile().getName(), unit.getLineMap().getLineNumber(at), method));
      }
      return super.visitMethodInvocation(call, null);
    }

    private boolean isFault(MethodInvocationTree call, MemberSelectTree method) {
      String name = method.getIdentifier().toString();
      List<? extends ExpressionTree> arguments = call.getArguments();
      if (CASES.contains(name)) {
        return arguments.isEmpty();
      }
      if (name.equals("formatted")) {
        String text = text(method.getExpression());
        return !inException()
            && (FIGURE.matcher(text).find() || (LOCAL.matcher(text).find() && !isSentence(text)));
      }
      return FORMATS.contains(name)
          && !arguments.isEmpty()
          && arguments.stream().noneMatch(argument -> argument.toString().startsWith("Locale."))
          && arguments.stream()
              .noneMatch(argument -> argument.toString().startsWith("java.util.Locale."))
          && (name.equals("ofPattern") || LOCAL.matcher(text(arguments.get(0))).find());
    }

    /** Words with blanks between them, but neither markup nor {@code name=value}. */
    private static boolean isSentence(String text) {
      return text.contains(" ") && !text.contains("<") && !text.contains("=");
    }

    private boolean inException() {
      for (TreePath at = getCurrentPath(); at != null; at = at.getParentPath()) {
        if (at.getLeaf() instanceof ThrowTree
            || (at.getLeaf() instanceof NewClassTree made && isException(made.getIdentifier()))
            || (at.getLeaf() instanceof ClassTree type && isException(type.getSimpleName()))) {
          return true;
        }
      }
      return false;
    }

    private static boolean isException(Object name) {
      return name.toString().endsWith("Exception") || name.toString().endsWith("Error");
    }

    /** All literals of an expression, one after the other. */
    private static String text(ExpressionTree expression) {
      StringBuilder text = new StringBuilder();
      new TreeScanner<Void, Void>() {
        @Override
        public Void visitLiteral(LiteralTree literal, Void none) {
          text.append(literal.getValue());
          return null;
        }
      }.scan(expression, null);
      return text.toString();
    }
  }
}
