package dev.weft.ingress.proxy.tls;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;

/** Certificates as text (RFC 7468). */
final class Pem {
    private Pem() {}

    static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** @throws IllegalArgumentException if there is none, or one that cannot be read */
    static X509Certificate[] certificates(String text) {
        try {
            X509Certificate[] all = CertificateFactory.getInstance("X.509").generateCertificates(stream(text)).stream()
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
            if (all.length == 0) {
                throw new IllegalArgumentException("there is no certificate");
            }
            return all;
        } catch (CertificateException e) {
            throw new IllegalArgumentException("a certificate cannot be read: " + e.getMessage(), e);
        }
    }
}
