package dev.weft.ingress.nginx;

import dev.weft.ingress.cluster.Secret;
import dev.weft.ingress.route.Certificate;
import dev.weft.ingress.route.HostPattern;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates in Secrets. */
final class Certificates {
    private static final Pattern COMMON_NAME = Pattern.compile("(?:^|,)CN=([^,+]+)");
    private static final Pattern KEY = Pattern.compile("-----BEGIN ([A-Z]+ )?PRIVATE KEY-----");
    private static final Pattern NAME = Pattern.compile("(\\*\\.)?[^*\\s]+");
    private static final int DNS_NAME = 2; // GeneralName dNSName, RFC 5280

    private Certificates() {}

    /**
     * What was found in a Secret.
     *
     * @param names that it is for
     * @param ends when it is no longer valid
     * @param wrong why it cannot be used; empty if it can
     */
    record Found(Optional<Certificate> certificate, List<HostPattern> names, Instant ends, String wrong) {
        Optional<Certificate> ok() {
            return wrong.isEmpty() ? certificate : Optional.empty();
        }

        boolean fits(HostPattern host) {
            return names.stream()
                    .anyMatch(name -> name.equals(host)
                            || (host.kind() == HostPattern.Kind.EXACT && name.matches(host.name()))
                            || (host.kind() == HostPattern.Kind.LABELS
                                    && name.name().equals(host.name())));
        }
    }

    /** {@code tls.crt} and {@code tls.key}. */
    static Found of(Secret secret) {
        String chain = secret.data().getOrDefault("tls.crt", "");
        String key = secret.data().getOrDefault("tls.key", "");
        if (chain.isEmpty() || !KEY.matcher(key).find()) {
            return wrong("has no tls.crt or no private key in tls.key");
        }
        try {
            X509Certificate own = read(chain).getFirst();
            return new Found(
                    Optional.of(new Certificate(secret.key().toString(), chain, key)),
                    names(own),
                    own.getNotAfter().toInstant(),
                    "");
        } catch (CertificateException e) {
            return wrong("has a tls.crt that cannot be read: " + e.getMessage());
        }
    }

    private static Found wrong(String what) {
        return new Found(Optional.empty(), List.of(), Instant.EPOCH, what);
    }

    /** Whether a text has certificates, all of which can be read. */
    static boolean isChain(String text) {
        try {
            return !read(text).isEmpty();
        } catch (CertificateException e) {
            return false;
        }
    }

    private static List<X509Certificate> read(String pem) throws CertificateException {
        List<X509Certificate> all = new ArrayList<>();
        byte[] octets = pem.getBytes(StandardCharsets.ISO_8859_1);
        CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(octets))
                .forEach(certificate -> all.add((X509Certificate) certificate));
        if (all.isEmpty()) {
            throw new CertificateException("there is no certificate in it");
        }
        return all;
    }

    /** Its alternative names; of an old one without any, the common name, as ingress-nginx does. */
    private static List<HostPattern> names(X509Certificate certificate) throws CertificateParsingException {
        List<HostPattern> names = new ArrayList<>();
        Collection<List<?>> alternative = certificate.getSubjectAlternativeNames();
        if (alternative != null) {
            for (List<?> name : alternative) {
                if (name.getFirst().equals(DNS_NAME)) {
                    add(names, String.valueOf(name.get(1)));
                }
            }
        }
        Matcher common =
                COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName());
        if (common.find()) {
            add(names, common.group(1));
        }
        return names;
    }

    private static void add(List<HostPattern> names, String text) {
        if (NAME.matcher(text).matches()) {
            names.add(HostPattern.of(text, HostPattern.Kind.ONE_LABEL));
        }
    }
}
