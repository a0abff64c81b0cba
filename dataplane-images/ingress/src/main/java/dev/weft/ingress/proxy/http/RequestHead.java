package dev.weft.ingress.proxy.http;

import dev.weft.ingress.route.RequestView;
import java.util.function.Predicate;

/** What a client asks. One of each connection, used again and again, or one of a stream. */
public final class RequestHead implements RequestView {
    private final Fields fields;
    private String method = "";
    private String authority = "";
    private String host = "";
    private String path = "";
    private String query = "";
    private String target = "";
    private int version;
    private long length;
    private boolean hasBody;
    private boolean keepAlive;
    private boolean expectsContinue;
    private boolean upgrade;
    private boolean trailersWanted;

    public RequestHead() {
        this(new Fields());
    }

    /** @param fields takes its fields, empty */
    public RequestHead(Fields fields) {
        this.fields = fields;
    }

    public RequestHead clear() {
        fields.clear();
        method = "";
        authority = "";
        host = "";
        path = "";
        query = "";
        target = "";
        length = -1;
        hasBody = false;
        keepAlive = false;
        expectsContinue = false;
        upgrade = false;
        trailersWanted = false;
        return this;
    }

    /** Takes over all of another, but for an upgrade. */
    public void copyOf(RequestHead other) {
        fields.copyOf(other.fields);
        method = other.method;
        authority = other.authority;
        host = other.host;
        target = other.target;
        path = other.path;
        query = other.query;
        version = other.version;
        length = other.length;
        hasBody = other.hasBody;
        trailersWanted = other.trailersWanted;
    }

    public Fields fields() {
        return fields;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String host() {
        return host;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String query() {
        return query;
    }

    /** Path and query as they are sent on. */
    public String target() {
        return target;
    }

    /** As in the Host field or {@code :authority}, port included; empty if there was none. */
    public String authority() {
        return authority;
    }

    /** 10, 11 or 20. */
    public int version() {
        return version;
    }

    /** Bytes of the body, -1 if that is not known before its end. */
    public long length() {
        return length;
    }

    public boolean hasBody() {
        return hasBody;
    }

    /** Whether the client would send another request on this connection. */
    public boolean keepAlive() {
        return keepAlive;
    }

    public boolean expectsContinue() {
        return expectsContinue;
    }

    /** Whether the client wants to go on with another protocol, such as WebSocket. */
    public boolean upgrade() {
        return upgrade;
    }

    /** Whether {@code TE: trailers} was said; gRPC wants to hear it. */
    public boolean trailersWanted() {
        return trailersWanted;
    }

    /** Whether asking twice is as good as asking once (RFC 9110, 9.2.2). */
    public boolean isIdempotent() {
        return switch (method) {
            case "GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE" -> true;
            default -> false;
        };
    }

    @Override
    public boolean anyHeader(String name, Predicate<? super String> accepts) {
        for (int field = fields.find(name, 0); field >= 0; field = fields.find(name, field + 1)) {
            if (accepts.test(fields.value(field))) {
                return true;
            }
        }
        return false;
    }

    public void line(String newMethod, int newVersion) {
        method = newMethod;
        version = newVersion;
    }

    /** @param text begins with a slash, or is a star */
    public void target(String text) {
        int mark = text.indexOf('?');
        target = text;
        path = mark >= 0 ? text.substring(0, mark) : text;
        query = mark >= 0 ? text.substring(mark + 1) : "";
    }

    /** Changes the path that is sent on; the query stays. */
    public void path(String changed) {
        target = changed + target.substring(path.length());
        path = changed;
    }

    /** @throws BadMessage if it is none, with 400 */
    public void authority(String text) throws BadMessage {
        host = Authority.host(text);
        authority = text;
    }

    public void body(boolean has, long bytes) {
        hasBody = has;
        length = bytes;
    }

    public void connection(boolean keepsAlive, boolean wantsContinue, boolean wantsUpgrade, boolean wantsTrailers) {
        keepAlive = keepsAlive;
        expectsContinue = wantsContinue;
        upgrade = wantsUpgrade;
        trailersWanted = wantsTrailers;
    }
}
