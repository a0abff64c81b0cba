package dev.weft.e2e.faults;

import dev.weft.e2e.bench.SelfSigned;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * A certificate of a host, of its own authority.
 *
 * @param certificate PEM
 * @param key PEM
 */
record HostCertificate(String certificate, String key) {
    static HostCertificate make(String host) {
        try {
            Path folder = Files.createTempDirectory("weft-certificate");
            Path certificate = folder.resolve("tls.crt");
            Path key = folder.resolve("tls.key");
            SelfSigned.make(host, "DNS:" + host, certificate, key);
            HostCertificate made = new HostCertificate(Files.readString(certificate), Files.readString(key));
            Files.delete(certificate);
            Files.delete(key);
            Files.delete(folder);
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a certificate", e);
        }
    }

    /** The serial number in hexadecimal, as netbench tells it. */
    String serial() {
        byte[] text = certificate.getBytes(StandardCharsets.US_ASCII);
        try {
            return ((X509Certificate)
                            CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(text)))
                    .getSerialNumber()
                    .toString(16);
        } catch (CertificateException e) {
            throw new IllegalArgumentException("no certificate: " + certificate, e);
        }
    }

    /** A Secret of type {@code kubernetes.io/tls} with it. */
    String secret(String name) {
        return """
                apiVersion: v1
                kind: Secret
                type: kubernetes.io/tls
                metadata: {name: %s, namespace: %s}
                data: {tls.crt: %s, tls.key: %s}
                """.formatted(name, Pods.NAMESPACE, base64(certificate), base64(key));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
