package dev.weft.config;

import java.util.List;

/**
 * What an ingress proxy says of itself, at {@code GET /status} on its health port.
 *
 * @param version release that runs
 * @param ready whether it serves what the cluster asks for
 * @param message what is not well, for people, a line a check
 * @param config whether the latest configuration is in force
 * @param ingresses how many Ingresses it serves
 * @param routes how many routes of the Gateway API it serves
 * @param unsupported what Ingresses ask for that it does not do, the most frequent first; at most {@link #MOST}
 */
public record IngressStatus(
        String version,
        boolean ready,
        String message,
        Config config,
        int ingresses,
        int routes,
        List<Unsupported> unsupported) {
    /** Longest list of what is not supported. */
    public static final int MOST = 20;

    public IngressStatus {
        unsupported = List.copyOf(unsupported);
    }

    /**
     * @param taken false if the latest one was refused, so that the one before stays in force
     * @param message why it was refused; empty if it was not
     * @param hash of the text in force, SHA-256 in hexadecimal
     */
    public record Config(boolean taken, String message, String hash) {}

    /**
     * Something that is not supported.
     *
     * @param what annotation or field, with its value where that is what is not supported
     * @param ingresses how many ask for it
     * @param example one of them, {@code namespace/name}
     */
    public record Unsupported(String what, int ingresses, String example) {}
}
