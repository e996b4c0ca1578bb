package io.bluegreen.support;

import java.util.Objects;

/** Cleans and bounds text from outside, so that it can be shown, logged and stored. */
public final class Text {
  private static final String CUT = "...";

  private Text() {}

  /** Returns the text on one line: control characters become spaces, and it ends after a limit. */
  public static String clean(String text, int longest) {
    Objects.requireNonNull(text, "text");
    return bounded(replaced(text, false).strip(), longest);
  }

  /**
   * Returns the text with its line breaks and tabs, but without other control characters. Where it
   * is longer than the limit its end is kept, because that is where a program says why it failed.
   */
  public static String cleanLines(String text, int longest) {
    Objects.requireNonNull(text, "text");
    String clean = replaced(text, true).strip();
    return clean.length() <= longest
        ? clean
        : CUT + clean.substring(clean.length() - longest + CUT.length());
  }

  private static String bounded(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest - CUT.length()) + CUT;
  }

  private static String replaced(String text, boolean keepLines) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              boolean line = c == '\n' || c == '\t';
              boolean hidden =
                  Character.isISOControl(c)
                      || Character.getType(c) == Character.FORMAT
                      || Character.getType(c) == Character.LINE_SEPARATOR
                      || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
              clean.appendCodePoint(hidden && !(keepLines && line) ? ' ' : c);
            });
    return clean.toString();
  }
}
