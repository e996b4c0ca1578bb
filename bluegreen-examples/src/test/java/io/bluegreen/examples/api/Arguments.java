package io.bluegreen.examples.api;

import io.bluegreen.nginx.NginxRouter;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.lang.reflect.TypeVariable;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes arguments of any type, of which one is null. An argument that the method does not look at
 * is made without its state.
 */
final class Arguments {
  private Arguments() {}

  /**
   * Returns what must be refused for a parameter: null, and for what holds others one with null.
   */
  static List<@Nullable Object> nullsFor(Parameter parameter) {
    List<@Nullable Object> nulls = new ArrayList<>();
    AnnotatedType type = parameter.getAnnotatedType();
    if (!parameter.getType().isPrimitive() && !nullable(type)) {
      nulls.add(null);
      if (type instanceof AnnotatedArrayType array
          && !parameter.getType().getComponentType().isPrimitive()
          && !nullable(array.getAnnotatedGenericComponentType())) {
        nulls.add(Array.newInstance(parameter.getType().getComponentType(), 1));
      }
      if (type instanceof AnnotatedParameterizedType generic
          && Arrays.stream(generic.getAnnotatedActualTypeArguments())
              .noneMatch(Arguments::nullable)) {
        with(parameter.getType()).ifPresent(nulls::add);
      }
    }
    return nulls;
  }

  private static Optional<Object> with(Class<?> type) {
    if (type == List.class || type == Collection.class || type == Iterable.class) {
      return Optional.of(Collections.singletonList(null));
    }
    if (type == Set.class) {
      return Optional.of(new HashSet<>(Collections.singleton(null)));
    }
    return type == Map.class
        ? Optional.of(new HashMap<>(Collections.singletonMap(null, null)))
        : Optional.empty();
  }

  private static boolean nullable(AnnotatedType type) {
    return type.isAnnotationPresent(Nullable.class)
        || type.getType() instanceof TypeVariable<?> variable
            && Arrays.stream(variable.getAnnotatedBounds()).anyMatch(Arguments::nullable);
  }

  /** Calls it, and returns what is wrong with the answer, or an empty text. */
  static String call(Executable one, int at, @Nullable Object given) throws Exception {
    Object[] arguments = new Object[one.getParameterCount()];
    for (int i = 0; i < arguments.length; i++) {
      arguments[i] = i == at ? given : some(one.getParameterTypes()[i]);
    }
    String name = one.getParameters()[at].getName();
    try {
      if (one instanceof Constructor<?> constructor) {
        if (Modifier.isAbstract(constructor.getDeclaringClass().getModifiers())) {
          return "";
        }
        constructor.newInstance(arguments);
      } else {
        Method method = (Method) one;
        Object on =
            Modifier.isStatic(method.getModifiers()) ? null : some(method.getDeclaringClass());
        if (on != null && method.isDefault()) {
          InvocationHandler.invokeDefault(on, method, arguments);
        } else {
          method.invoke(on, arguments);
        }
      }
      return "returned";
    } catch (InvocationTargetException e) {
      return judged(e.getCause(), name);
    } catch (NullPointerException e) {
      return judged(e, name);
    } catch (Throwable e) {
      return judged(e, name);
    }
  }

  private static String judged(Throwable thrown, String name) {
    String message = String.valueOf(thrown.getMessage());
    boolean named =
        thrown instanceof NullPointerException
            && (message.equals(name) || message.startsWith(name + ":"));
    return named ? "" : thrown.getClass().getSimpleName() + ": " + message;
  }

  private static final Map<Class<?>, Object> KNOWN =
      Map.ofEntries(
          Map.entry(String.class, "x"),
          Map.entry(Path.class, Path.of("/nowhere/at-all")),
          Map.entry(URI.class, URI.create("http://127.0.0.1:1")),
          // Whose methods only pass their argument on, to settings that check it.
          Map.entry(NginxRouter.class, NginxRouter.reload(Path.of("/nowhere/at-all"))),
          Map.entry(Duration.class, Duration.ofSeconds(1)),
          Map.entry(Instant.class, Instant.EPOCH),
          Map.entry(List.class, List.of()),
          Map.entry(Collection.class, List.of()),
          Map.entry(Set.class, Set.of()),
          Map.entry(Map.class, Map.of()),
          Map.entry(Optional.class, Optional.empty()),
          Map.entry(boolean.class, true),
          Map.entry(int.class, 1),
          Map.entry(long.class, 1L),
          Map.entry(double.class, 0.5),
          Map.entry(char.class, 'x'));

  private static Object some(Class<?> type) throws Exception {
    if (KNOWN.containsKey(type)) {
      return KNOWN.get(type);
    }
    if (type.isArray()) {
      return Array.newInstance(type.getComponentType(), 0);
    }
    if (type.isEnum()) {
      return type.getEnumConstants()[0];
    }
    if (type.isSealed()) {
      return some(type.getPermittedSubclasses()[0]);
    }
    if (type.isInterface()) {
      return Proxy.newProxyInstance(
          type.getClassLoader() == null ? Arguments.class.getClassLoader() : type.getClassLoader(),
          new Class<?>[] {type},
          (proxy, method, arguments) -> {
            throw new IllegalStateException("used before all arguments were looked at");
          });
    }
    Class<?> concrete = Modifier.isAbstract(type.getModifiers()) ? Object.class : type;
    return bare(concrete).newInstance();
  }

  /**
   * Returns a constructor that runs none of the class, as serialization has it. By reflection,
   * because the compiler warns of this class of jdk.unsupported.
   */
  private static Constructor<?> bare(Class<?> type) throws ReflectiveOperationException {
    Class<?> factory = Class.forName("sun.reflect.ReflectionFactory");
    Method making =
        factory.getMethod("newConstructorForSerialization", Class.class, Constructor.class);
    Object one = factory.getMethod("getReflectionFactory").invoke(null);
    return (Constructor<?>) making.invoke(one, type, Object.class.getDeclaredConstructor());
  }
}
