package dev.weft.ingress.route;

import java.util.function.Predicate;

/** What of a request rules look at. Valid for the time of the call only. */
public interface RequestView {
    /** Of the Host field or :authority: lower case, without port and final dot; may be empty. */
    String host();

    /** As sent; methods are case-sensitive. */
    String method();

    /** Path as sent, still percent-encoded, without query; begins with {@code /} except for {@code OPTIONS *}. */
    String path();

    /** Behind the question mark, as sent; may be empty. */
    String query();

    /**
     * Whether a value of a header field is accepted.
     *
     * @param name lower case
     */
    boolean anyHeader(String name, Predicate<? super String> accepts);
}
