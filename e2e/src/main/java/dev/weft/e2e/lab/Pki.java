package dev.weft.e2e.lab;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes a lab's certificate authority, the API server's certificates and the key that signs service account tokens. */
final class Pki {
    private static final Duration LIFETIME = Duration.ofDays(3650);
    private static final X500Name AUTHORITY = new X500Name("CN=weft-lab");

    private final LabPaths paths;
    private final Instant now;
    private final KeyPair authority = newKey();
    private long serial = 1;

    Pki(LabPaths paths, Instant now) {
        this.paths = paths;
        this.now = now;
    }

    /**
     * Writes ca.crt, ca.key, apiserver.crt/key, kubelet-client.crt/key and service-account.key/pub.
     *
     * @param serverNames the API server's names and addresses
     */
    void write(List<GeneralName> serverNames) {
        pem(paths.pki("ca.crt"), certificate(AUTHORITY, authority, Optional.empty()));
        pem(paths.pki("ca.key"), pkcs8(authority));
        issue("apiserver", "CN=kube-apiserver", Optional.of(serverNames));
        // Without a client certificate of its own the API server cannot exec into pods or read their logs.
        issue("kubelet-client", "CN=kube-apiserver-kubelet-client,O=system:masters", Optional.empty());
        KeyPair tokens = newKey();
        pem(paths.pki("service-account.key"), pkcs8(tokens));
        pem(paths.pki("service-account.pub"), tokens.getPublic());
    }

    private void issue(String file, String subject, Optional<List<GeneralName>> names) {
        KeyPair key = newKey();
        pem(paths.pki(file + ".crt"), certificate(new X500Name(subject), key, names));
        pem(paths.pki(file + ".key"), pkcs8(key));
    }

    private X509CertificateHolder certificate(X500Name subject, KeyPair key, Optional<List<GeneralName>> names) {
        try {
            var builder = new JcaX509v3CertificateBuilder(
                    AUTHORITY,
                    BigInteger.valueOf(serial++),
                    Date.from(now.minus(Duration.ofHours(1))),
                    Date.from(now.plus(LIFETIME)),
                    subject,
                    key.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(subject.equals(AUTHORITY)));
            if (names.isPresent()) {
                builder.addExtension(
                        Extension.subjectAlternativeName,
                        false,
                        new GeneralNames(names.get().toArray(GeneralName[]::new)));
            }
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(authority.getPrivate()));
        } catch (OperatorCreationException | IOException e) {
            throw new LabException("cannot sign the certificate of " + subject, e);
        }
    }

    private static Object pkcs8(KeyPair key) {
        try {
            return new JcaPKCS8Generator(key.getPrivate(), null).generate();
        } catch (IOException e) {
            throw new LabException("cannot encode a key", e);
        }
    }

    private static KeyPair newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new LabException("this Java runtime cannot make P-256 keys", e);
        }
    }

    private static void pem(Path file, Object what) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(what);
        } catch (IOException e) {
            throw new LabException("cannot encode " + file, e);
        }
        LabPaths.write(file, text.toString());
    }
}
