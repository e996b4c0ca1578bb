package io.bluegreen.haproxy;

import io.bluegreen.Color;
import io.bluegreen.haproxy.RoutingMode.Target;
import java.util.List;
import java.util.OptionalInt;

/**
 * The weights by which servers make a share: one for each server of blue, and one for each server
 * of green. The colours may differ in the number of their servers. A colour with a share above 0
 * never has the weight 0.
 */
record Weights(int blue, int green) {
  private static final int LARGEST = 256;

  /** Returns the weights that come nearest to a share. */
  static Weights of(int percent, int blues, int greens) {
    if (percent == 0 || percent == 100 || blues == 0 || greens == 0) {
      return new Weights(percent == 100 ? 0 : 100, percent == 0 ? 0 : 100);
    }
    if (blues == greens) {
      return new Weights(100 - percent, percent);
    }
    double ratio = (double) percent * blues / ((100 - percent) * (double) greens);
    Weights best = new Weights(1, 1);
    for (int blue = 1; blue <= LARGEST; blue++) {
      int green = (int) Math.max(1, Math.min(LARGEST, Math.round(blue * ratio)));
      Weights next = new Weights(blue, green);
      if (next.distance(ratio) < best.distance(ratio)) {
        best = next;
      }
    }
    return best;
  }

  private double distance(double ratio) {
    return Math.abs((double) green / blue - ratio) / ratio;
  }

  /** Returns the percent to green that these weights make. */
  int percent(int blues, int greens) {
    return percent((long) blue * blues, (long) green * greens).orElse(0);
  }

  /** Returns the percent to green that these weights make with the servers that are in service. */
  OptionalInt made(List<ServerState> blues, List<ServerState> greens) {
    return percent(blue * inService(blues), green * inService(greens));
  }

  private static long inService(List<ServerState> servers) {
    return servers.stream().filter(ServerState::inService).count();
  }

  int of(Color color) {
    return color == Color.BLUE ? blue : green;
  }

  /**
   * Returns the percent to green by the weights that servers have now; empty if none of them takes
   * requests. If both colours have some weight, it is never rounded to 0 or 100.
   */
  static OptionalInt percent(ServersByBackend servers, Target blue, Target green) {
    long blueWeight = sum(servers, blue);
    long greenWeight = sum(servers, green);
    return percent(blueWeight, greenWeight);
  }

  /**
   * Returns the percent to green that a start without a record gives; empty if nobody would get
   * traffic.
   */
  static OptionalInt configured(ServersByBackend servers, Target blue, Target green) {
    return percent(configured(servers, blue), configured(servers, green));
  }

  private static long configured(ServersByBackend servers, Target target) {
    return servers.of(target).stream().mapToLong(ServerState::configured).sum();
  }

  private static OptionalInt percent(long blueWeight, long greenWeight) {
    long total = blueWeight + greenWeight;
    if (total == 0) {
      return OptionalInt.empty();
    }
    int percent = (int) Math.round(100.0 * greenWeight / total);
    return OptionalInt.of(
        blueWeight == 0 ? 100 : greenWeight == 0 ? 0 : Math.max(1, Math.min(99, percent)));
  }

  /** Returns the weight that counts: a server that was taken out or is drained has none. */
  static int effective(ServerState server) {
    return server.inService() ? server.weight() : 0;
  }

  private static long sum(ServersByBackend servers, Target target) {
    return servers.of(target).stream().mapToLong(Weights::effective).sum();
  }
}
