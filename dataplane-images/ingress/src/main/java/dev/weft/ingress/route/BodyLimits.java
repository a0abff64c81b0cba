package dev.weft.ingress.route;

/**
 * @param request bytes that the body of a request may have, otherwise 413; 0 for any number
 * @param bufferRequest whether a request is sent on only when it is there as a whole
 */
public record BodyLimits(long request, boolean bufferRequest) {
    public static final BodyLimits NONE = new BodyLimits(0, false);
}
