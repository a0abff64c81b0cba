package dev.weft.ingress.proxy.http;

/** Status and fields of an answer. One of each connection to a backend, used again and again. */
public final class ResponseHead {
    private final Fields fields = new Fields();
    private int status;
    private long length = -1;

    public Fields fields() {
        return fields;
    }

    public int status() {
        return status;
    }

    /** Bytes of the body as the fields tell; -1 if they do not. */
    public long length() {
        return length;
    }

    /** Starts anew. */
    public ResponseHead of(int newStatus) {
        fields.clear();
        status = newStatus;
        length = -1;
        return this;
    }

    public void status(int changed) {
        status = changed;
    }

    public void length(long bytes) {
        length = bytes;
    }
}
