package io.bluegreen.nginx;

import io.bluegreen.support.AddressRange;
import java.util.List;
import java.util.Locale;

/**
 * Lets some clients ask for a colour.
 *
 * @param header its name; its only values are blue and green
 * @param from the networks whose clients may
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

  /** The header is for those who are known; all of them would be everybody. */
  private static void requireSomeAddresses(String network) {
    if (AddressRange.parse("network", network).isEveryAddress()) {
      throw new IllegalArgumentException(
          "network: expected some addresses and not all, but was " + network);
    }
  }

  /** Returns the variable that nginx has the header in. */
  String variable() {
    return "$http_" + header.toLowerCase(Locale.ROOT).replace('-', '_');
  }
}
