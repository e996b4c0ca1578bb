package io.bluegreen.support;

import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Says why something failed, for a person: in the words of the failure itself, without what is
 * wrapped around it.
 */
public final class Failures {
  private static final int DEEPEST = 20;

  private Failures() {}

  /**
   * Returns the message of a failure. A wrapper that says nothing of its own (such as an {@link
   * java.util.concurrent.ExecutionException}, whose message is the text of its cause) is looked
   * through. The name of the class is returned only where there is no message. Where the message is
   * no more than a name or a path, words before it say what is wrong with that: {@code no such
   * file: /etc/shop}. Not cleaned or bounded; {@link Text#clean} does that.
   */
  public static String reason(Throwable failure) {
    Objects.requireNonNull(failure, "failure");
    Throwable telling = failure;
    for (int depth = 0; depth < DEEPEST && telling.getCause() != null && wraps(telling); depth++) {
      telling = telling.getCause();
    }
    String message = telling.getMessage();
    if (message == null || message.isBlank()) {
      return name(telling);
    }
    return bareName(telling).map(what -> what + ": " + message).orElse(message);
  }

  private static boolean wraps(Throwable failure) {
    String message = failure.getMessage();
    return message == null
        || message.isBlank()
        || message.equals(String.valueOf(failure.getCause()));
  }

  /** Returns what a message that is only a name has to be read as, if it is only one. */
  private static Optional<String> bareName(Throwable failure) {
    boolean bare =
        failure instanceof FileSystemException file
            ? file.getReason() == null
            : String.valueOf(failure.getMessage()).indexOf(' ') < 0
                && (failure instanceof UnknownHostException
                    || failure instanceof ClassNotFoundException
                    || failure instanceof NoClassDefFoundError);
    return bare ? Optional.of(words(name(failure))) : Optional.empty();
  }

  private static String name(Throwable failure) {
    String simple = failure.getClass().getSimpleName();
    return simple.isEmpty() ? failure.getClass().getName() : simple;
  }

  /** Returns the name of a class as words: NoSuchFileException as "no such file". */
  private static String words(String name) {
    return name.replaceAll("(Exception|Error)$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toLowerCase(Locale.ROOT);
  }
}
