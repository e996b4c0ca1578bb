package io.bluegreen.embedded;

import io.undertow.connector.ByteBufferPool;
import io.undertow.util.Transfer;
import java.nio.channels.Channel;
import org.xnio.ChannelExceptionHandler;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.channels.StreamSinkChannel;

/** Joins the two connections of a WebSocket; the end of one side is passed on to the other. */
record WebSocketTunnel(StreamConnection client, StreamConnection app, ByteBufferPool pool) {
  void open() {
    pass(app, client);
    pass(client, app);
  }

  private void pass(StreamConnection from, StreamConnection to) {
    ChannelExceptionHandler<Channel> broken =
        (channel, e) -> {
          IoUtils.safeClose(from);
          IoUtils.safeClose(to);
        };
    Transfer.initiateTransfer(
        from.getSourceChannel(),
        to.getSinkChannel(),
        ChannelListeners.closingChannelListener(),
        ChannelListeners.writeShutdownChannelListener(
            ChannelListeners.<StreamSinkChannel>flushingChannelListener(
                ChannelListeners.closingChannelListener(),
                ChannelListeners.closingChannelExceptionHandler()),
            ChannelListeners.closingChannelExceptionHandler()),
        broken,
        broken,
        pool);
  }
}
