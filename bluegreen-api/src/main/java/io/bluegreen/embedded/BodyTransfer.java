package io.bluegreen.embedded;

import io.undertow.connector.ByteBufferPool;
import io.undertow.server.protocol.http.HttpAttachments;
import io.undertow.util.Attachable;
import io.undertow.util.HeaderMap;
import io.undertow.util.Transfer;
import java.io.IOException;
import java.nio.channels.Channel;
import org.xnio.ChannelExceptionHandler;
import org.xnio.ChannelListeners;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.channels.StreamSourceChannel;

/**
 * Passes the body of one message on, with the fields that come behind it, and ends it.
 *
 * @param read the message that is read
 * @param written the message that is written
 * @param notRead is called where the rest of the body does not come
 * @param notWritten is called where the other side does not take it
 */
record BodyTransfer(Attachable read, Attachable written, Failure notRead, Failure notWritten) {
  /** Learns why a body is not passed on whole. */
  interface Failure {
    void because(IOException e);

    default ChannelExceptionHandler<Channel> handler() {
      return (channel, e) -> because(e);
    }
  }

  /** Passes on all that comes, and ends the body when it has ended on the other side. */
  void start(StreamSourceChannel from, StreamSinkChannel to, ByteBufferPool pool) {
    Transfer.initiateTransfer(
        from,
        to,
        ChannelListeners.closingChannelListener(),
        this::end,
        notRead.handler(),
        notWritten.handler(),
        pool);
  }

  /** Does that as soon as all that was written before has been sent. */
  void startAfterFlush(StreamSourceChannel from, StreamSinkChannel to, ByteBufferPool pool)
      throws IOException {
    if (to.flush()) {
      start(from, to, pool);
      return;
    }
    to.getWriteSetter()
        .set(
            ChannelListeners.flushingChannelListener(
                sink -> start(from, to, pool), notWritten.handler()));
    to.resumeWrites();
  }

  /** Ends the body, with the fields that came behind it. */
  void end(StreamSinkChannel to) {
    HeaderMap trailers = read.getAttachment(HttpAttachments.REQUEST_TRAILERS);
    if (trailers != null) {
      written.putAttachment(HttpAttachments.RESPONSE_TRAILERS, trailers);
    }
    try {
      to.shutdownWrites();
      if (to.flush()) {
        to.getWriteSetter().set(null);
        return;
      }
      to.getWriteSetter()
          .set(
              ChannelListeners.flushingChannelListener(
                  flushed -> {
                    flushed.suspendWrites();
                    flushed.getWriteSetter().set(null);
                  },
                  ChannelListeners.closingChannelExceptionHandler()));
      to.resumeWrites();
    } catch (IOException e) {
      notWritten.because(e);
    }
  }
}
