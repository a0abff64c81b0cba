package dev.weft.ingress.proxy.exchange;

/** Hears of requests that are done, by the loops' threads. */
public interface Observer {
    void done(Exchange exchange);

    /** A try of a request came to nothing; another one may follow. */
    void failed(Exchange exchange, String reason);

    /** A limit of its client's address refused it. */
    void limited(Exchange exchange);
}
