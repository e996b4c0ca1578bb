package io.bluegreen.embedded;

import io.bluegreen.support.Text;
import io.undertow.util.NetworkUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A literal address, or a block of them such as {@code 10.0.0.0/8}; never a host name. */
record AddressRange(InetAddress network, int bits) {
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern FORM =
      Pattern.compile(
          "((?:"
              + OCTET
              + "\\.){3}"
              + OCTET
              + "|[0-9A-Fa-f]*:[0-9A-Fa-f:.]{1,43})(?:/([0-9]{1,3}))?");

  static AddressRange parse(String text) {
    Matcher form = FORM.matcher(text);
    if (form.matches()) {
      try {
        String address = form.group(1);
        InetAddress network =
            address.contains(":")
                ? NetworkUtils.parseIpv6Address(address)
                : NetworkUtils.parseIpv4Address(address);
        int all = network.getAddress().length * Byte.SIZE;
        int bits = form.group(2) == null ? all : Integer.parseInt(form.group(2));
        if (bits <= all) {
          return new AddressRange(network, bits);
        }
      } catch (IOException | IllegalArgumentException e) {
        throw refused(text, e);
      }
    }
    throw refused(text, null);
  }

  boolean contains(InetAddress address) {
    byte[] ours = network.getAddress();
    byte[] theirs = address.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int i = 0; i < bits; i++) {
      int bit = 0x80 >> (i % Byte.SIZE);
      if (((ours[i / Byte.SIZE] ^ theirs[i / Byte.SIZE]) & bit) != 0) {
        return false;
      }
    }
    return true;
  }

  private static IllegalArgumentException refused(String text, @Nullable Throwable cause) {
    return new IllegalArgumentException(
        "trusted address: expected a literal address such as 127.0.0.1, ::1 or 10.0.0.0/8, but was"
            + " \""
            + Text.clean(text, 80)
            + '"',
        cause);
  }
}
