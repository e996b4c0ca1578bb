package io.bluegreen.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A second copy of the project's classes, with one file of the engine compiled from mutated source.
 * The JDK's own compiler puts it into memory, for a class loader of its own. So the engine needs no
 * hook for its tests, and a mutation reads as a change of source.
 */
final class Mutant extends ClassLoader {
  private static final String OURS = "io.bluegreen.";
  private static final Path SOURCES = Path.of("src", "main", "java", "io", "bluegreen", "engine");

  private final Map<String, ByteArrayOutputStream> mutated = new HashMap<>();

  Mutant(Mutation mutation) throws IOException {
    super(Mutant.class.getClassLoader());
    compile(mutation.file, source(mutation));
  }

  /** Returns the mutated source; throws what {@link Mutation#applied} throws. */
  static String source(Mutation mutation) throws IOException {
    return mutation.applied(Files.readString(SOURCES.resolve(mutation.file)));
  }

  private void compile(String file, String source) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    JavaFileObject input =
        new SimpleJavaFileObject(URI.create("string:///" + file), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    try (JavaFileManager files = new InMemory(compiler.getStandardFileManager(null, null, null))) {
      List<String> options = List.of("-proc:none", "-nowarn", "-cp", classPath());
      if (!compiler.getTask(messages, files, null, options, null, List.of(input)).call()) {
        throw new IllegalStateException(file + " can't be compiled: " + messages);
      }
    }
  }

  /**
   * Returns the class path. Maven's test runner may put all of it into one jar, and then names it
   * in a property.
   */
  private static String classPath() {
    return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(OURS)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : findClass(name);
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    ByteArrayOutputStream changed = mutated.get(name);
    try (InputStream is = getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (is == null) {
        throw new ClassNotFoundException(name);
      }
      byte[] code = changed == null ? is.readAllBytes() : changed.toByteArray();
      return defineClass(name, code, 0, code.length);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /** Keeps the compiled classes in memory. */
  private final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {
    InMemory(JavaFileManager files) {
      super(files);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      ByteArrayOutputStream code = new ByteArrayOutputStream();
      mutated.put(name, code);
      return new SimpleJavaFileObject(URI.create("memory:///" + name + ".class"), kind) {
        @Override
        public OutputStream openOutputStream() {
          return code;
        }
      };
    }
  }
}
