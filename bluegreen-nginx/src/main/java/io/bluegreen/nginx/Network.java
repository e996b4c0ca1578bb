package io.bluegreen.nginx;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An address or a network, as the geo block of nginx takes it; never a name, never all of them. */
final class Network {
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern FOUR =
      Pattern.compile("(?:" + OCTET + "\\.){3}" + OCTET + "(?:/([0-9]{1,2}))?");

  /** With a colon in any case: what has none might be looked up as a name. */
  private static final Pattern SIX =
      Pattern.compile("([0-9a-f]{0,4}:[0-9a-f:]{1,37})(?:/([0-9]{1,3}))?");

  private Network() {}

  /**
   * Returns the text, if it is one.
   *
   * @throws IllegalArgumentException if it is not
   */
  static String allowed(String text) {
    if (!isFour(text) && !isSix(text)) {
      throw new IllegalArgumentException(
          "network: expected an address, or a network such as 10.0.0.0/8 or fd00::/8, but was "
              + SafeText.quoted(text));
    }
    return text;
  }

  private static boolean isFour(String text) {
    Matcher four = FOUR.matcher(text);
    return four.matches() && isPrefix(four.group(1), 32);
  }

  private static boolean isSix(String text) {
    Matcher six = SIX.matcher(text);
    if (!six.matches() || !isPrefix(six.group(2), 128)) {
      return false;
    }
    try {
      return InetAddress.getByName(six.group(1)) instanceof Inet6Address;
    } catch (UnknownHostException none) {
      return false;
    }
  }

  private static boolean isPrefix(@Nullable String length, int most) {
    if (length == null) {
      return true;
    }
    int bits = Integer.parseInt(length);
    return bits >= 1 && bits <= most && String.valueOf(bits).equals(length);
  }
}
