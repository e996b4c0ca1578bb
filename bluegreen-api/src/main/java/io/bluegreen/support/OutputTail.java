package io.bluegreen.support;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the end of a stream, so that a program that writes much is neither stopped nor stored. */
final class OutputTail extends Thread {
  private final InputStream stream;
  private final byte[] ring = new byte[Command.OUTPUT_KEPT];
  private long written;

  OutputTail(InputStream stream) {
    super("bluegreen-output");
    this.stream = stream;
    setDaemon(true);
    start();
  }

  @Override
  public void run() {
    byte[] chunk = new byte[4096];
    try (stream) {
      for (int n = stream.read(chunk); n >= 0; n = stream.read(chunk)) {
        append(chunk, n);
      }
    } catch (IOException closed) {
      append(new byte[0], 0); // The program was killed; what had come until then is kept.
    }
  }

  private synchronized void append(byte[] chunk, int length) {
    for (int i = 0; i < length; i++) {
      ring[(int) (written++ % ring.length)] = chunk[i];
    }
  }

  synchronized String text() {
    int length = (int) Math.min(written, ring.length);
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = ring[(int) ((written - length + i) % ring.length)];
    }
    return Text.cleanLines(new String(text, StandardCharsets.UTF_8), Command.OUTPUT_KEPT);
  }
}
