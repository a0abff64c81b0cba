package dev.weft.ingress.proxy.listen;

/** What can be told to go. */
public interface Connection {
    /** Ends as soon as nothing is under way; tells the client that it will. On the loop's thread. */
    void drain();
}
