package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.http.ResponseHead;

/** A change of an answer's head. */
public interface ResponseEdit {
    void apply(Exchange exchange, ResponseHead head);
}
