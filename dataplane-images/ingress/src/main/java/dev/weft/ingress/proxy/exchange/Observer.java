package dev.weft.ingress.proxy.exchange;

/** Hears of requests that are done, by the loops' threads. */
public interface Observer {
    void done(Exchange exchange);
}
