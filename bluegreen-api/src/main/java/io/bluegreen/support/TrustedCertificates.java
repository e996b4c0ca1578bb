package io.bluegreen.support;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.Objects;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Makes contexts that trust certain certificates of servers, and no others. */
public final class TrustedCertificates {
  private static final long LARGEST = 10L * 1024 * 1024;

  private TrustedCertificates() {}

  /**
   * Returns a context that trusts the certificates in a file, those that they have signed, and no
   * others. Names and dates of certificates are verified as always.
   *
   * @param certificates one or more X.509 certificates in PEM, read now
   * @throws IllegalArgumentException if the file can't be read or has no certificate
   */
  public static SSLContext pem(Path certificates) {
    Objects.requireNonNull(certificates, "certificates");
    try {
      if (Files.size(certificates) > LARGEST) {
        throw new IllegalArgumentException("trust: " + certificates + " is larger than 10 MiB");
      }
      Collection<? extends Certificate> read =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(certificates)));
      if (read.isEmpty()) {
        throw new IllegalArgumentException("trust: " + certificates + " has no certificate");
      }
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int count = 0;
      for (Certificate certificate : read) {
        store.setCertificateEntry("trusted-" + count++, certificate);
      }
      return store(store);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "trust: " + certificates + " can't be read as certificates in PEM: " + Failures.reason(e),
          e);
    }
  }

  /**
   * Returns a context that trusts the certificates in a key store, and no others.
   *
   * @throws IllegalArgumentException if the store is not loaded or has no trusted certificate
   */
  public static SSLContext store(KeyStore trusted) {
    Objects.requireNonNull(trusted, "trusted");
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, factory.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "trust: the key store can't be used: " + Failures.reason(e), e);
    }
  }
}
