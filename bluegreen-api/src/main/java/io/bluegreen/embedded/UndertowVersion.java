package io.bluegreen.embedded;

import io.bluegreen.RouterException;
import io.bluegreen.RouterException.Effect;
import io.bluegreen.RouterReport;
import io.bluegreen.support.OptionalLibrary;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Undertow that is found at run time. It need not be the one that the library was built with:
 * dependency management, such as Spring Boot's, chooses another one silently.
 */
final class UndertowVersion {
  /** The versions with which the tests of this package were run. */
  static final List<String> PROVEN =
      List.of("2.3.18.Final", "2.3.24.Final", "2.4.2.Final", "2.4.4.Final");

  private static final Pattern FORM = Pattern.compile("([0-9]+)\\.([0-9]+)\\.([0-9]+)\\..*");
  private static final int[] OLDEST = {2, 3, 18};

  private UndertowVersion() {}

  /**
   * Returns a warning about a version with which the router was not tested.
   *
   * @throws RouterException if it is older than the oldest tested one
   */
  static Optional<RouterReport.Warning> judge(String found) {
    Matcher form = FORM.matcher(found);
    if (form.matches() && isTooOld(form)) {
      throw new RouterException(
          "Undertow "
              + found
              + " is on the class path, and the embedded router needs 2.3.18.Final or later; "
              + remedy(),
          Effect.UNCHANGED);
    }
    return PROVEN.contains(found)
        ? Optional.empty()
        : Optional.of(
            new RouterReport.Warning(
                "Undertow "
                    + found
                    + " is on the class path, and the embedded router is tested with "
                    + String.join(", ", PROVEN)
                    + " only",
                remedy(),
                Optional.empty()));
  }

  private static boolean isTooOld(Matcher form) {
    for (int i = 0; i < OLDEST.length; i++) {
      int part = Integer.parseInt(form.group(i + 1));
      if (part != OLDEST[i]) {
        return part < OLDEST[i];
      }
    }
    return false;
  }

  private static String remedy() {
    return "manage "
        + OptionalLibrary.UNDERTOW.coordinates()
        + " in your build (where Spring Boot's parent manages it: the property undertow.version)";
  }
}
