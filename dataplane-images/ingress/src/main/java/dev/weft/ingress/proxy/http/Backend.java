package dev.weft.ingress.proxy.http;

/** A connection to an endpoint that can take a request. */
public interface Backend {
    /** Sends a head, as it is but for fields of one connection, and hears the answer. */
    Call start(RequestHead head, CallListener listener);

    /** Whether it had a request before: then it may have been closed by the other side just now. */
    boolean isReused();

    /** Gives it back without having used it. */
    void release();
}
