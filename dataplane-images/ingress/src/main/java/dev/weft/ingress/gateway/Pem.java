package dev.weft.ingress.gateway;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.IdentityHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether texts are certificates and keys. Parsing them takes longer than all else, so what was found of a text is kept as
 * long as it is asked for: objects that did not change are the same instances. Used by one thread.
 */
final class Pem {
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----\\s+([A-Za-z0-9+/=\\s]+)-----END \\1-----");

    private IdentityHashMap<String, Boolean> known = new IdentityHashMap<>();
    private IdentityHashMap<String, Boolean> asked = new IdentityHashMap<>();

    /** Forgets what was not asked for since the last call. */
    void turn() {
        known = asked;
        asked = new IdentityHashMap<>();
    }

    /** Whether there is a certificate, and all there are can be read. */
    boolean areCertificates(String text) {
        Boolean before = known.get(text);
        boolean found = before != null ? before : !text.isBlank() && parse(text);
        asked.put(text, found);
        return found;
    }

    private static boolean parse(String text) {
        try {
            return !CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1)))
                    .isEmpty();
        } catch (CertificateException e) {
            return false;
        }
    }

    boolean isKey(String text) {
        Matcher matcher = KEY.matcher(text);
        if (!matcher.find()) {
            return false;
        }
        try {
            return Base64.getMimeDecoder().decode(matcher.group(2)).length > 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
