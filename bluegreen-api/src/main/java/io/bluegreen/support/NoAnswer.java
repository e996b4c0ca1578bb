package io.bluegreen.support;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MalformedChunkCodingException;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.StreamClosedException;
import org.apache.hc.core5.http.TruncatedChunkException;
import org.jspecify.annotations.Nullable;

/** Says why there is no answer to a call, in words for the person who runs the server. */
final class NoAnswer {
  // How the client shows the record with which a TLS server refuses what is not TLS.
  private static final Pattern TLS_RECORD = Pattern.compile("(\\[0x15]\\[0x03]|\\x15\\x03)");
  private static final Pattern SHOWN = Pattern.compile("<(.*)>", Pattern.DOTALL);

  private static final int LONGEST = 300;

  private final String host;
  private final String to;
  private final @Nullable LiteralAddress address;

  /**
   * Keeps where a call goes.
   *
   * @param address where the endpoint's host was resolved to one already; else null
   */
  NoAnswer(URI endpoint, @Nullable LiteralAddress address) {
    this.host = endpoint.getHost();
    String at = address == null ? host : address.inUrl();
    this.to = endpoint.getPort() < 0 ? at : at + ":" + endpoint.getPort();
    this.address = address;
  }

  /** Returns a failure that says it; what the client says is its cause. */
  IOException because(Exception cause) {
    return cause instanceof UnreadableAnswer own ? own : new IOException(words(cause), cause);
  }

  private String words(Exception cause) {
    boolean unreached =
        cause instanceof ConnectException
            || cause instanceof ConnectTimeoutException
            || cause instanceof NoRouteToHostException;
    return unreached && address != null ? address.explain(plain(cause)) : plain(cause);
  }

  private String plain(Exception cause) {
    if (cause instanceof ConnectTimeoutException) {
      return to
          + " did not accept the connection within "
          + BoundedHttp.LONGEST_CONNECT.toSeconds()
          + " s";
    }
    if (cause instanceof SocketTimeoutException) {
      return to + " accepted the connection and then said nothing";
    }
    if (cause instanceof UnknownHostException) {
      return "the host " + host + " can't be resolved";
    }
    if (cause instanceof NoRouteToHostException) {
      return "No route to host: " + to + " can't be reached from here";
    }
    if (cause instanceof ConnectException) {
      return String.valueOf(cause.getMessage()).contains("refused")
          ? "Connection refused: nothing listens at " + to
          : to + " can't be connected to";
    }
    if (cause instanceof MessageConstraintException) {
      return "the head of the answer is larger than what is read: at most "
          + BoundedHttp.MOST_HEADERS
          + " headers, and "
          + BoundedHttp.LONGEST_LINE
          + " bytes in a line";
    }
    if (cause instanceof MalformedChunkCodingException
        || cause instanceof TruncatedChunkException) {
      return "the answer was cut, or its chunks are malformed";
    }
    if (cause instanceof ConnectionClosedException) {
      return String.valueOf(cause.getMessage()).startsWith("Premature end")
          ? "the answer was cut: the connection was closed in the middle of its body"
          : "the connection was closed without an answer";
    }
    if (cause instanceof StreamClosedException || cause instanceof EOFException) {
      return "the connection was closed without an answer";
    }
    if (cause instanceof SSLException) {
      return tls(cause);
    }
    if (cause instanceof HttpException) {
      return notHttp(shown(cause));
    }
    if (cause instanceof SocketException
        && String.valueOf(cause.getMessage()).contains("unreachable")) {
      return "Network is unreachable: there is no way to " + to + " from here";
    }
    return shown(cause);
  }

  private static String tls(Exception failure) {
    String message = shown(failure);
    if (message.contains("plaintext") || message.contains("unrecognized SSL message")) {
      return "it speaks plain HTTP on this port and not TLS; write http:// in place of https://";
    }
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateExpiredException) {
        return "its certificate has expired";
      }
      if (cause instanceof CertificateNotYetValidException) {
        return "its certificate is not valid yet";
      }
      if (cause instanceof CertPathBuilderException) {
        return "its certificate is not trusted: none that is trusted has signed it (PKIX); name"
            + " that one with trust(...)";
      }
    }
    return message.startsWith("Certificate for ")
        ? message
            .replace("Certificate for", "its certificate is of another name than")
            .replace("doesn't match any of the subject alternative names", "it names")
        : "TLS could not be agreed on: " + message;
  }

  private static String notHttp(String message) {
    if (TLS_RECORD.matcher(message).find()) {
      return "it speaks TLS on this port and not plain HTTP; write https:// in place of http://";
    }
    Matcher shown = SHOWN.matcher(message);
    return "what came is no answer of HTTP/1.1: "
        + (shown.find() ? '"' + Text.clean(shown.group(1), 80) + '"' : message);
  }

  private static String shown(Exception failure) {
    return Text.clean(Failures.reason(failure), LONGEST);
  }
}
