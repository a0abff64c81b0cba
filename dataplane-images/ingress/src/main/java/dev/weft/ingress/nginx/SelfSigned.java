package dev.weft.ingress.nginx;

import dev.weft.ingress.route.Certificate;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;

/**
 * A certificate of the proxy's own making, for server names that nobody gave one for. The JDK makes no certificates, so the
 * few fields of it are written here (RFC 5280; DER, X.690).
 */
public final class SelfSigned {
    private static final Duration VALID = Duration.ofDays(3650);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final byte[] ECDSA_SHA256 = {0x06, 0x08, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 4, 3, 2};
    private static final byte[] COMMON_NAME = {0x06, 0x03, 0x55, 4, 3};
    private static final byte[] ALTERNATIVE_NAMES = {0x06, 0x03, 0x55, 0x1d, 0x11};

    private SelfSigned() {}

    /** With a fresh key (P-256). */
    public static Certificate certificate(String host) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair key = generator.generateKeyPair();
            byte[] content = content(host, key, Instant.now());
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(key.getPrivate());
            signature.update(content);
            byte[] certificate = sequence(content, sequence(ECDSA_SHA256), bits(signature.sign()));
            return new Certificate(
                    "self-made",
                    pem("CERTIFICATE", certificate),
                    pem("PRIVATE KEY", key.getPrivate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has P-256", e);
        }
    }

    private static byte[] content(String host, KeyPair key, Instant now) {
        byte[] algorithm = sequence(ECDSA_SHA256);
        byte[] name = sequence(der(0x31, sequence(COMMON_NAME, text(0x0c, "Weft ingress, self-made"))));
        byte[] validity = sequence(
                text(0x18, TIME.format(now.minus(Duration.ofDays(1)))), text(0x18, TIME.format(now.plus(VALID))));
        byte[] names = sequence(ALTERNATIVE_NAMES, der(0x04, sequence(text(0x82, host))));
        return sequence(
                der(0xa0, der(0x02, new byte[] {2})), // version 3
                der(
                        0x02,
                        new BigInteger(64, new SecureRandom())
                                .add(BigInteger.ONE)
                                .toByteArray()),
                algorithm,
                name,
                validity,
                name,
                key.getPublic().getEncoded(),
                der(0xa3, sequence(names)));
    }

    private static byte[] sequence(byte[]... parts) {
        return der(0x30, parts);
    }

    private static byte[] text(int tag, String text) {
        return der(tag, text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bits(byte[] value) {
        return der(0x03, new byte[] {0}, value);
    }

    private static byte[] der(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < 0x80) {
            out.write(length);
        } else {
            int octets = length > 0xff ? 2 : 1;
            out.write(0x80 | octets);
            for (int i = octets - 1; i >= 0; i--) {
                out.write(length >> (8 * i));
            }
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + label + "-----\n";
    }
}
