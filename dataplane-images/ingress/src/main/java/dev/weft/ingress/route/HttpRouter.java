package dev.weft.ingress.route;

/** Finds the rule of a request. Immutable, used by all event loops at once. */
public interface HttpRouter {
    /** @return {@link HttpRule#NOT_FOUND} if none fits */
    HttpRule route(RequestView request);
}
