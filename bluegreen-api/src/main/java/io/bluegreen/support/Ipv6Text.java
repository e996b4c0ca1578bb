package io.bluegreen.support;

import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.List;

/** Writes an IPv6 address in the short form of RFC 5952, as proxies and people write it. */
final class Ipv6Text {
  private Ipv6Text() {}

  /** Returns the text, without brackets. */
  static String of(Inet6Address address) {
    List<String> groups = new ArrayList<>();
    byte[] bytes = address.getAddress();
    for (int i = 0; i < bytes.length; i += 2) {
      groups.add(Integer.toHexString(((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff)));
    }
    int begin = 0;
    int length = 1; // One zero alone is not shortened.
    for (int i = 0; i < groups.size(); i++) {
      int zeros = zeros(groups, i);
      if (zeros > length) {
        begin = i;
        length = zeros;
      }
    }
    return length == 1
        ? String.join(":", groups)
        : String.join(":", groups.subList(0, begin))
            + "::"
            + String.join(":", groups.subList(begin + length, groups.size()));
  }

  private static int zeros(List<String> groups, int from) {
    int zeros = 0;
    while (from + zeros < groups.size() && groups.get(from + zeros).equals("0")) {
      zeros++;
    }
    return zeros;
  }
}
