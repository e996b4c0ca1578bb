package io.bluegreen.support;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A literal address, or a block of them such as {@code 10.0.0.0/8}; never a host name. Immutable.
 */
public final class AddressRange {
  private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";

  /** What is no IPv4 address must have a colon: else it might be looked up as a name. */
  private static final Pattern FORM =
      Pattern.compile(
          "((?:"
              + OCTET
              + "\\.){3}"
              + OCTET
              + "|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{1,40})(?:/(0|[1-9][0-9]{0,2}))?");

  private final String text;
  private final InetAddress network;
  private final int bits;

  private AddressRange(String text, InetAddress network, int bits) {
    this.text = text;
    this.network = network;
    this.bits = bits;
  }

  /**
   * Returns what a text says.
   *
   * @param argument its name, for the message
   * @throws IllegalArgumentException if it is no such address or block, or an IPv4 address written
   *     as an IPv6 one
   */
  public static AddressRange parse(String argument, String text) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(text, "text");
    return read(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    argument
                        + ": expected a literal address such as 127.0.0.1, ::1 or 10.0.0.0/8, but"
                        + " was "
                        + Names.quoted(text)));
  }

  private static Optional<AddressRange> read(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    try {
      InetAddress network = InetAddress.getByName(form.group(1));
      int all = network.getAddress().length * Byte.SIZE;
      int bits = form.group(2) == null ? all : Integer.parseInt(form.group(2));
      boolean asWritten = form.group(1).contains(":") == network instanceof Inet6Address;
      return bits <= all && asWritten
          ? Optional.of(new AddressRange(text, network, bits))
          : Optional.empty();
    } catch (UnknownHostException none) {
      return Optional.empty();
    }
  }

  /** Returns whether an address is in it; an IPv4 address is in no IPv6 block, nor the reverse. */
  public boolean contains(InetAddress address) {
    Objects.requireNonNull(address, "address");
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

  /** Returns whether every address of its kind is in it. */
  public boolean isEveryAddress() {
    return bits == 0;
  }

  /** Returns the text that it was made from. */
  @Override
  public String toString() {
    return text;
  }
}
