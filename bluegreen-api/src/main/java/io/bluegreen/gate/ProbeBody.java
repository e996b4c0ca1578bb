package io.bluegreen.gate;

import io.bluegreen.support.HttpCall;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a probe sends in the body of its request; it is never shown. */
record ProbeBody(String type, String text) {
  private static final Pattern MEDIA_TYPE =
      Pattern.compile("[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}( *;[ -~]{1,1000})?");

  /**
   * Returns a body of a type.
   *
   * @throws IllegalArgumentException if the type is malformed
   */
  static ProbeBody of(String type, String text) {
    if (!MEDIA_TYPE.matcher(type).matches()) {
      // Neither is shown: what stands there may be the body.
      throw new IllegalArgumentException(
          "type and body: expected a type such as application/json, and then the body; the type is"
              + " the first of the two");
    }
    return new ProbeBody(type, text);
  }

  /** Returns a request with this body. */
  HttpCall in(HttpCall call) {
    return new HttpCall(call.method(), call.path(), call.host(), call.headers(), Optional.of(text))
        .header("Content-Type", type);
  }

  /** Returns the type only. */
  @Override
  public String toString() {
    return "a body of " + type;
  }
}
