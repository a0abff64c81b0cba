package dev.weft.config;

import java.util.List;

/**
 * What a DNS server says of itself, at {@code GET /status} on its health port.
 *
 * @param version release that runs
 * @param ready whether it answers for the cluster's names
 * @param message what is not well, for people, a line a check
 * @param config whether the latest configuration is in force
 * @param names how many names of the cluster it knows
 * @param upstreams one entry for each server of each domain
 */
public record DnsStatus(
        String version, boolean ready, String message, Config config, int names, List<Upstream> upstreams) {
    public DnsStatus {
        upstreams = List.copyOf(upstreams);
    }

    /**
     * @param taken false if the latest one was refused, so that the one before stays in force
     * @param message why it was refused; empty if it was not
     * @param hash of the text in force, SHA-256 in hexadecimal
     */
    public record Config(boolean taken, String message, String hash) {}

    /**
     * A server that is asked about other people's names.
     *
     * @param domain for which it is asked; {@code .} for all that nobody else is named for
     * @param server address and port
     * @param up whether it answers
     * @param looping whether it asks this server in turn, so that it is not asked
     * @param lastError of the latest failure, also if it is up again; empty if it never failed
     */
    public record Upstream(String domain, String server, boolean up, boolean looping, String lastError) {}
}
