package io.bluegreen.haproxy;

import io.bluegreen.haproxy.RuntimeApiException.Kind;
import io.bluegreen.support.Text;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells a successful reply from a failure. HAProxy has no status code, so each reply has to have
 * the exact form of its command's success; everything else is a failure. An empty line follows each
 * whole reply, so that a cut one is seen.
 */
final class ReplyCheck {
  private static final int LONGEST_SHOWN = 200;

  private ReplyCheck() {}

  /** Checks the reply of a command that acts and whose reply is empty. */
  static void done(String command, String reply) {
    if (!reply.equals("\n")) {
      whole(command, reply, true);
      throw refused(command, reply, Refusal.OTHER);
    }
  }

  /**
   * Checks the reply of a command that answers with a text, and returns it without the empty line.
   */
  static String text(String command, String reply, boolean acts) {
    whole(command, reply, acts);
    return reply.equals("\n") ? "" : reply.substring(0, reply.length() - 1);
  }

  /** Does the same as {@link #text}, and returns the lines. */
  static List<String> lines(String command, String reply) {
    return text(command, reply, false).lines().toList();
  }

  /** Returns the first number of a text that has exactly this form. */
  static int number(Pattern form, String command, String text, boolean acts) {
    Matcher matcher = form.matcher(text);
    if (!matcher.matches()) {
      throw notUnderstood(command, text, acts);
    }
    return Integer.parseInt(matcher.group(1));
  }

  static RuntimeApiException notUnderstood(String command, String reply, boolean acts) {
    return RuntimeApiException.broken(
        Kind.NOT_UNDERSTOOD,
        acts,
        "HAProxy's reply to \"" + shown(command) + "\" is none that is known: " + shown(reply),
        null);
  }

  static String shown(String text) {
    return Text.clean(text, LONGEST_SHOWN);
  }

  private static void whole(String command, String reply, boolean acts) {
    Refusal.of(reply)
        .ifPresent(
            refusal -> {
              throw refused(command, reply, refusal);
            });
    if (!reply.equals("\n") && !reply.endsWith("\n\n")) {
      throw RuntimeApiException.broken(
          Kind.CUT,
          acts,
          "HAProxy's reply to \""
              + shown(command)
              + "\" "
              + (reply.isEmpty() ? "is missing" : "was cut: " + shown(reply)),
          null);
    }
  }

  private static RuntimeApiException refused(String command, String reply, Refusal refusal) {
    return RuntimeApiException.refused(
        refusal, "HAProxy refused \"" + shown(command) + "\": " + shown(reply) + remedy(refusal));
  }

  private static String remedy(Refusal refusal) {
    return refusal == Refusal.PERMISSION_DENIED
        ? "; this socket's level is too low, configure it with 'level admin'"
        : "";
  }
}
