package io.bluegreen.nginx;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version such as 1.27.4; 0.0.0 where it is not known. */
record NginxVersion(int major, int minor, int patch) implements Comparable<NginxVersion> {
  static final NginxVersion UNKNOWN = new NginxVersion(0, 0, 0);

  /** The first with limit_conn_dry_run. */
  static final NginxVersion COUNTS_WITHOUT_REFUSING = new NginxVersion(1, 17, 6);

  /** The first with keepalive_min_timeout. */
  static final NginxVersion KEEPS_IDLE_CONNECTIONS = new NginxVersion(1, 27, 4);

  private static final Pattern SERVER =
      Pattern.compile("nginx/([0-9]{1,4})\\.([0-9]{1,4})\\.([0-9]{1,4}).*");

  static NginxVersion of(String server) {
    Matcher version = SERVER.matcher(server);
    return version.matches()
        ? new NginxVersion(
            Integer.parseInt(version.group(1)),
            Integer.parseInt(version.group(2)),
            Integer.parseInt(version.group(3)))
        : UNKNOWN;
  }

  @Override
  public int compareTo(NginxVersion other) {
    return Comparator.comparingInt(NginxVersion::major)
        .thenComparingInt(NginxVersion::minor)
        .thenComparingInt(NginxVersion::patch)
        .compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
