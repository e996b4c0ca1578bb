package io.bluegreen.haproxy;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a configuration, in the words that HAProxy makes of it. Immutable.
 *
 * @param number its number in the file, from 1
 * @param words its words without quotes, escapes and comment; may be empty
 */
record ConfigLine(int number, List<String> words) {
  ConfigLine {
    words = List.copyOf(words);
  }

  /** Splits a line as HAProxy does (configuration manual, section 2.2, "quoting and escaping"). */
  static ConfigLine of(int number, String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean inWord = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote == 0 && c == '#') {
        break;
      }
      if (quote == 0 && Character.isWhitespace(c)) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
        }
        inWord = false;
        continue;
      }
      inWord = true;
      if (c == '\\' && quote != '\'' && i + 1 < line.length()) {
        i++;
        word.append(line.charAt(i));
      } else if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else {
        word.append(c);
      }
    }
    if (inWord) {
      words.add(word.toString());
    }
    return new ConfigLine(number, words);
  }

  /** Returns whether it starts with these words. */
  boolean begins(String... with) {
    return words.size() >= with.length && words.subList(0, with.length).equals(List.of(with));
  }

  /** Returns the word at this place; empty if there are fewer words. */
  String word(int at) {
    return at < words.size() ? words.get(at) : "";
  }

  /** Returns whether it holds for every request: it has no condition, or one that is always so. */
  boolean unconditional() {
    int at = Math.max(words.indexOf("if"), words.indexOf("unless"));
    if (at < 0) {
      return true;
    }
    String always = words.get(at).equals("if") ? "TRUE" : "FALSE";
    return words.size() == at + 2 && words.get(at + 1).equals(always);
  }

  /** Returns the line with its number, for people. */
  @Override
  public String toString() {
    return "line " + number + " ('" + ReplyCheck.shown(String.join(" ", words)) + "')";
  }
}
