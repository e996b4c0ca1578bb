package io.bluegreen.gate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Values that are sent and never shown. */
final class Secrets {
  static final Secrets NONE = new Secrets(List.of());

  private final List<String> values;

  private Secrets(List<String> values) {
    this.values = values;
  }

  Secrets and(List<String> others) {
    List<String> more = new ArrayList<>(values);
    others.stream().filter(value -> !value.isBlank()).forEach(more::add);
    // Longest first, because one may be a part of another.
    more.sort(Comparator.comparing(String::length).reversed());
    return new Secrets(List.copyOf(more));
  }

  String hide(String text) {
    String hidden = text;
    for (String value : values) {
      hidden = hidden.replace(value, "***");
    }
    return hidden;
  }

  /** Returns how many there are. */
  @Override
  public String toString() {
    return values.size() + " secrets";
  }
}
