package dev.weft.operator.observe;

import java.time.Instant;

/**
 * Something that a DNS server says is not well.
 *
 * @param pod the server
 * @param kind what it is
 * @param domain of the upstream servers, {@code .} for all that no other is named for; empty where it is none of these
 * @param server the upstream server, address and port; empty likewise
 * @param since when it was first said, without a break
 * @param detail what was said then, for people; perhaps empty. It stays while the trouble lasts, so that a status does not
 *     change with each error's text
 */
public record DnsTrouble(String pod, Kind kind, String domain, String server, Instant since, String detail) {
    /** What can be wrong. */
    public enum Kind {
        /** It keeps the configuration from before, for it cannot take the latest. */
        CONFIG_REFUSED,
        /** An upstream server asks the cluster's DNS in turn. */
        LOOP,
        /** An upstream server does not answer. */
        UPSTREAM_DOWN,
        /** The server itself does not tell how it is. */
        SILENT
    }

    /** Whether it is the same, told again. */
    public boolean sameAs(DnsTrouble other) {
        return pod.equals(other.pod)
                && kind == other.kind
                && domain.equals(other.domain)
                && server.equals(other.server);
    }

    /** The same, as old as it was first told. */
    public DnsTrouble asOld(DnsTrouble first) {
        return new DnsTrouble(pod, kind, domain, server, first.since, first.detail);
    }
}
