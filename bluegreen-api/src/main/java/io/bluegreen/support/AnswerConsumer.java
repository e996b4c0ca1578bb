package io.bluegreen.support;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Keeps the beginning of an answer; as soon as there is more than that, the call is over. */
final class AnswerConsumer implements AsyncResponseConsumer<HttpAnswer> {
  private final Supplier<Duration> elapsed;
  private final Duration begun;
  private final CallInFlight flight;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(512);
  private int status;
  private Map<String, String> headers = Map.of();
  private @Nullable FutureCallback<HttpAnswer> result;

  AnswerConsumer(Supplier<Duration> elapsed, CallInFlight flight) {
    this.elapsed = elapsed;
    this.begun = elapsed.get();
    this.flight = flight;
  }

  @Override
  public void consumeResponse(
      HttpResponse response,
      @Nullable EntityDetails entity,
      HttpContext context,
      FutureCallback<HttpAnswer> callback) {
    status = response.getCode();
    headers = new TreeMap<>();
    for (Header header : response.getHeaders()) {
      headers.merge(
          header.getName().toLowerCase(Locale.ROOT),
          header.getValue() == null ? "" : header.getValue(),
          (first, next) -> first + ", " + next);
    }
    if (entity == null) {
      callback.completed(answer(false));
    } else {
      result = callback;
    }
  }

  @Override
  public void consume(ByteBuffer source) {
    int room = Math.min(source.remaining(), BoundedHttp.BODY_KEPT - body.size());
    byte[] chunk = new byte[room];
    source.get(chunk);
    body.write(chunk, 0, room);
    if (source.hasRemaining()) {
      source.position(source.limit());
      flight.answered(answer(true));
    }
  }

  @Override
  public void streamEnd(List<? extends Header> trailers) {
    if (result != null) {
      result.completed(answer(false));
    }
  }

  @Override
  public void updateCapacity(CapacityChannel channel) throws IOException {
    channel.update(Integer.MAX_VALUE);
  }

  @Override
  public void informationResponse(HttpResponse response, HttpContext context) {
    // A 1xx is no answer; the answer is still to come.
  }

  @Override
  public void failed(Exception cause) {
    // The client calls the flight itself.
  }

  @Override
  public void releaseResources() {
    result = null;
  }

  private HttpAnswer answer(boolean truncated) {
    return new HttpAnswer(
        status, headers, body.toByteArray(), truncated, elapsed.get().minus(begun));
  }
}
