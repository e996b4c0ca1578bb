package io.bluegreen.support;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Lets names, versions and addresses from outside in, or refuses them. */
public final class Names {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9_-]{0,62})");
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,127}");
  private static final Pattern ATTRIBUTE = Pattern.compile("[a-z][a-zA-Z0-9]{0,31}");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:]{2,39}]");
  private static final int LONGEST_SHOWN = 80;
  private static final int LONGEST_TEXT = 512;

  private Names() {}

  /** A group, a service, a hook or a gate: it becomes part of file names, keys and commands. */
  public static String name(String argument, String value) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(value, "value");
    return ArgumentChecks.matching(
        argument,
        NAME,
        "1 to 63 of a-z, 0-9, '-' and '_', starting with a letter or a digit",
        value);
  }

  /** A version: it becomes part of argument lists of other programs. */
  public static String value(String argument, String value) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(value, "value");
    if (!VALUE.matcher(value).matches() || value.contains("..")) {
      throw new IllegalArgumentException(
          argument
              + ": expected 1 to 128 of A-Z, a-z, 0-9 and '._+-', starting with a letter or a digit"
              + " and without '..', but was "
              + quoted(value));
    }
    return value;
  }

  /**
   * An attribute's value, such as the name of a branch, an image, a URL or a digest: text on one
   * line, bounded. Anyone who makes it part of an argument list or of a URL judges it there.
   */
  public static String text(String argument, String value) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(value, "value");
    if (value.isBlank()
        || value.length() > LONGEST_TEXT
        || !Text.clean(value, LONGEST_TEXT).equals(value)) {
      throw new IllegalArgumentException(
          argument
              + ": expected 1 to "
              + LONGEST_TEXT
              + " characters of text on one line, without control characters and without a blank at"
              + " its ends, but was "
              + quoted(value));
    }
    return value;
  }

  public static String attribute(String name) {
    Objects.requireNonNull(name, "name");
    return ArgumentChecks.matching(
        "attribute", ATTRIBUTE, "1 to 32 letters and digits, starting with a-z", name);
  }

  /** Text of a person (who, why): kept as it is, but bounded and without control characters. */
  public static String remark(String argument, String value) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(value, "value");
    String clean = Text.clean(value, 500);
    if (clean.isBlank()) {
      throw new IllegalArgumentException(argument + ": expected some text, but was blank");
    }
    return clean;
  }

  public static URI endpoint(String argument, String value) {
    Objects.requireNonNull(argument, "argument");
    Objects.requireNonNull(value, "value");
    if (value.indexOf('@') >= 0) {
      // It is not shown: before an @ there may be a password.
      throw new IllegalArgumentException(
          argument
              + ": expected scheme://host:port without a user; a health check may send a header");
    }
    URI uri;
    try {
      uri = new URI(value);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          argument + ": expected a URL such as http://127.0.0.1:8080, but was " + shown(value));
    }
    return endpoint(argument, uri);
  }

  private static URI endpoint(String argument, URI uri) {
    String host = uri.getHost();
    if (!Set.of("http", "https", "tcp").contains(uri.getScheme() == null ? "" : uri.getScheme())
        || host == null
        || !HOST.matcher(host).matches()
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || !(uri.getRawPath().isEmpty() || uri.getRawPath().equals("/"))) {
      throw new IllegalArgumentException(
          argument
              + ": expected scheme://host:port with the scheme http, https or tcp, but was "
              + shown(uri.toString())
              + LiteralAddress.fault(uri));
    }
    if (uri.getPort() < 1 || uri.getPort() > 65_535) {
      throw new IllegalArgumentException(
          argument + ": expected a port from 1 to 65535, but was " + shown(uri.toString()));
    }
    return URI.create(uri.getScheme() + "://" + host + ":" + uri.getPort());
  }

  /** A query may have a secret. */
  private static String shown(String url) {
    return quoted(url.replaceFirst("\\?.*", "?..."));
  }

  public static String quoted(String value) {
    Objects.requireNonNull(value, "value");
    // Blanks at its ends may be what is wrong; the quotation marks keep them from being cut off.
    String marked = Text.clean('"' + value + '"', value.length() + 2);
    return marked.length() <= LONGEST_SHOWN + 2
        ? marked
        : '"' + Text.clean(value, LONGEST_SHOWN) + '"';
  }
}
