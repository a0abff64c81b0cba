package dev.weft.ingress.proxy.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Names of header fields that the proxy itself looks at, as small numbers. All others are {@link #OTHER}. */
public final class FieldName {
    private static final List<String> NAMES = new ArrayList<>();

    public static final int OTHER = name("");
    public static final int CONNECTION = name("connection");
    public static final int KEEP_ALIVE = name("keep-alive");
    public static final int PROXY_CONNECTION = name("proxy-connection");
    public static final int TRANSFER_ENCODING = name("transfer-encoding");
    public static final int TE = name("te");
    public static final int UPGRADE = name("upgrade");
    public static final int HTTP2_SETTINGS = name("http2-settings");
    public static final int CONTENT_LENGTH = name("content-length");
    public static final int HOST = name("host");
    public static final int EXPECT = name("expect");
    public static final int X_FORWARDED_FOR = name("x-forwarded-for");
    public static final int X_FORWARDED_PROTO = name("x-forwarded-proto");
    public static final int X_FORWARDED_HOST = name("x-forwarded-host");
    public static final int X_FORWARDED_PORT = name("x-forwarded-port");
    public static final int X_FORWARDED_SCHEME = name("x-forwarded-scheme");
    public static final int X_SCHEME = name("x-scheme");
    public static final int X_REAL_IP = name("x-real-ip");
    public static final int X_REQUEST_ID = name("x-request-id");
    public static final int FORWARDED = name("forwarded");
    /** To CGI programs it is HTTP_PROXY, which is what they are sent through (CVE-2016-5385). */
    public static final int PROXY = name("proxy");

    public static final int SSL_CLIENT_CERT = name("ssl-client-cert");
    public static final int SSL_CLIENT_VERIFY = name("ssl-client-verify");
    public static final int SSL_CLIENT_SUBJECT_DN = name("ssl-client-subject-dn");
    public static final int SSL_CLIENT_ISSUER_DN = name("ssl-client-issuer-dn");
    public static final int COOKIE = name("cookie");
    public static final int SET_COOKIE = name("set-cookie");
    public static final int AUTHORIZATION = name("authorization");
    public static final int ORIGIN = name("origin");
    public static final int REQUEST_METHOD = name("access-control-request-method");
    public static final int REQUEST_HEADERS = name("access-control-request-headers");
    public static final int DATE = name("date");
    public static final int CONTENT_TYPE = name("content-type");
    public static final int TRACEPARENT = name("traceparent");
    public static final int USER_AGENT = name("user-agent");
    public static final int REFERER = name("referer");
    public static final int TRAILER = name("trailer");
    public static final int LOCATION = name("location");

    /** Of one connection only (RFC 9110, 7.6.1); the framing fields are written anew. */
    public static final long HOP_BY_HOP =
            mask(CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, TRANSFER_ENCODING, TE, UPGRADE, HTTP2_SETTINGS);

    /** What the proxy says itself, or nobody at all. */
    public static final long FORWARDING = mask(
            X_FORWARDED_FOR,
            X_FORWARDED_PROTO,
            X_FORWARDED_HOST,
            X_FORWARDED_PORT,
            X_FORWARDED_SCHEME,
            X_SCHEME,
            X_REAL_IP,
            FORWARDED,
            PROXY,
            SSL_CLIENT_CERT,
            SSL_CLIENT_VERIFY,
            SSL_CLIENT_SUBJECT_DN,
            SSL_CLIENT_ISSUER_DN);

    /** What a Connection field cannot take away: it would change what the request is, or for whom (RFC 9110, 7.6.1). */
    static final long NOT_NOMINATED = HOP_BY_HOP
            | mask(HOST, CONTENT_LENGTH, COOKIE, AUTHORIZATION, CONTENT_TYPE, DATE, SET_COOKIE, X_REQUEST_ID, ORIGIN);

    /** By length, then one after the other: at most four share one. */
    private static final int[][] BY_LENGTH = byLength();

    private static final byte[][] BYTES = NAMES.stream()
            .map(name -> name.getBytes(StandardCharsets.ISO_8859_1))
            .toArray(byte[][]::new);

    private FieldName() {}

    /** Set of ids as bits. */
    public static long mask(int... ids) {
        long mask = 0;
        for (int id : ids) {
            mask |= 1L << id;
        }
        return mask;
    }

    /** The number of a name in any case. */
    public static int of(byte[] bytes, int start, int end) {
        int length = end - start;
        if (length >= BY_LENGTH.length) {
            return OTHER;
        }
        for (int id : BY_LENGTH[length]) {
            byte[] name = BYTES[id];
            int i = 0;
            // Only letters and hyphens are in the names, so setting the bit of case makes nothing else equal but
            // 0x0d, which is no part of a name.
            while (i < length && (bytes[start + i] | 0x20) == name[i]) {
                i++;
            }
            if (i == length) {
                return id;
            }
        }
        return OTHER;
    }

    /** @param name in any case */
    public static int of(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        return of(bytes, 0, bytes.length);
    }

    /** Lower case. */
    public static String text(int id) {
        return NAMES.get(id);
    }

    /** How many there are. */
    public static int count() {
        return NAMES.size();
    }

    private static int name(String name) {
        NAMES.add(name);
        return NAMES.size() - 1;
    }

    private static int[][] byLength() {
        int longest = NAMES.stream().mapToInt(String::length).max().orElse(0);
        int[][] ids = new int[longest + 1][];
        for (int length = 0; length <= longest; length++) {
            List<Integer> same = new ArrayList<>();
            for (int id = 1; id < NAMES.size(); id++) {
                if (NAMES.get(id).length() == length) {
                    same.add(id);
                }
            }
            ids[length] = same.stream().mapToInt(Integer::intValue).toArray();
        }
        return ids;
    }
}
