package dev.weft.ingress.proxy.tls;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keys as OpenSSL and cert-manager write them by default, PKCS #1 (RFC 8017, A.1.2) and SEC 1 (RFC 5915), in the form that
 * Java's providers read, PKCS #8 (RFC 5208): the same octets with the name of the algorithm around them.
 */
final class PrivateKeys {
    private static final Pattern OLD = Pattern.compile(
            "-----BEGIN (RSA|EC) PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+)-----END (?:RSA|EC) PRIVATE KEY-----");

    private static final byte[] VERSION = {0x02, 0x01, 0x00};
    /** 1.2.840.113549.1.1.1, and NULL for its parameters. */
    private static final byte[] RSA = {
        0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };
    /** 1.2.840.10045.2.1; its parameters are the curve. */
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int PARAMETERS = 0xa0;

    private PrivateKeys() {}

    /**
     * The key as PEM in PKCS #8; as it is if it is none of the older forms.
     *
     * @throws IllegalArgumentException if it is one of them and cannot be read
     */
    static InputStream pkcs8(String text) {
        Matcher old = OLD.matcher(text);
        if (!old.find()) {
            return Pem.stream(text);
        }
        byte[] key = Base64.getMimeDecoder().decode(old.group(2));
        byte[] algorithm = old.group(1).equals("RSA") ? RSA : join(EC, curve(key));
        byte[] whole = der(SEQUENCE, join(VERSION, der(SEQUENCE, algorithm), der(OCTETS, key)));
        return Pem.stream("-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(whole) + "\n-----END PRIVATE KEY-----\n");
    }

    /** ECPrivateKey is a sequence of version, key and, each with a tag of its own, parameters and public key. */
    private static byte[] curve(byte[] key) {
        Element whole = Element.at(key, 0);
        int at = whole.from();
        while (at < whole.to()) {
            Element element = Element.at(key, at);
            if (element.tag() == PARAMETERS) {
                return Arrays.copyOfRange(key, element.from(), element.to());
            }
            at = element.to();
        }
        throw new IllegalArgumentException("an EC key does not name its curve");
    }

    /** An element of DER: its tag, and where its content begins and ends. */
    private record Element(int tag, int from, int to) {
        static Element at(byte[] der, int at) {
            if (at + 2 > der.length) {
                throw new IllegalArgumentException("a key is cut off");
            }
            int from = at + 2;
            int length = der[at + 1] & 0xff;
            if (length >= 0x80) {
                int octets = length & 0x7f;
                if (octets == 0 || octets > 2 || from + octets > der.length) {
                    throw new IllegalArgumentException("a key is cut off");
                }
                length = 0;
                for (int i = 0; i < octets; i++) {
                    length = (length << 8) | (der[from++] & 0xff);
                }
            }
            if (from + length > der.length) {
                throw new IllegalArgumentException("a key is cut off");
            }
            return new Element(der[at] & 0xff, from, from + length);
        }
    }

    private static byte[] der(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.length;
        if (length < 0x80) {
            out.write(length);
        } else if (length < 0x100) {
            out.write(0x81);
            out.write(length);
        } else {
            out.write(0x82);
            out.write(length >> 8);
            out.write(length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
