package io.bluegreen.nginx;

import io.bluegreen.support.AddressRange;
import java.util.List;
import java.util.Locale;

/**
 * Which clients may choose the colour of a request, and by which header.
 *
 * @param header its name; its only values are blue and green
 * @param from the networks of those clients
 */
record PreviewRule(String header, List<String> from) {
  PreviewRule {
    SafeText.header(header);
    from = List.copyOf(from);
    from.forEach(PreviewRule::requireSomeAddresses);
    if (from.isEmpty()) {
      throw new IllegalArgumentException(
          "preview: name the networks that may use the header, such as 127.0.0.1 or 10.0.0.0/8");
    }
  }

  /** Refuses a network of all addresses, because the header is for known clients only. */
  private static void requireSomeAddresses(String network) {
    if (AddressRange.parse("network", network).isEveryAddress()) {
      throw new IllegalArgumentException(
          "network: expected some addresses and not all, but was " + network);
    }
  }

  /** Returns nginx's variable for the header. */
  String variable() {
    return "$http_" + header.toLowerCase(Locale.ROOT).replace('-', '_');
  }
}
