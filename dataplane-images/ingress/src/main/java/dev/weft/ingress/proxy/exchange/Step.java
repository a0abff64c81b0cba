package dev.weft.ingress.proxy.exchange;

/** A filter, ready to be applied to requests. Shared by all event loops. */
public interface Step {
    /** What became of it. */
    enum Outcome {
        PASS,
        /** The client has its answer. */
        ANSWERED,
        /** {@link Exchange#resume} is called when it is known. */
        LATER
    }

    Outcome apply(Exchange exchange);
}
