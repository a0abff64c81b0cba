package dev.weft.operator.observe;

import java.time.Instant;

/**
 * Something that a DNS server or an ingress proxy says is not well.
 *
 * @param pod the server
 * @param kind what it is
 * @param subject of upstream servers the domain, {@code .} for all that no other is named for; of what is not supported, its
 *     name; empty for the rest
 * @param server the upstream server, address and port; empty where it is none
 * @param since when it was first said, without a break
 * @param detail what was said then, for people; perhaps empty. It stays while the trouble lasts, so that a status does not
 *     change with each error's text
 */
public record ServerTrouble(String pod, Kind kind, String subject, String server, Instant since, String detail) {
    /** What can be wrong. */
    public enum Kind {
        /** It keeps the configuration from before, for it cannot take the latest. */
        CONFIG_REFUSED,
        /** An upstream server asks the cluster's DNS in turn. */
        LOOP,
        /** An upstream server does not answer. */
        UPSTREAM_DOWN,
        /** Somebody asks for something that it does not do. */
        UNSUPPORTED,
        /** The server itself does not tell how it is. */
        SILENT
    }

    /** Whether it is the same, told again. */
    public boolean sameAs(ServerTrouble other) {
        return pod.equals(other.pod)
                && kind == other.kind
                && subject.equals(other.subject)
                && server.equals(other.server);
    }

    /** The same, as old as it was first told. How many ask for what is not supported is always the latest. */
    public ServerTrouble asOld(ServerTrouble first) {
        return new ServerTrouble(
                pod, kind, subject, server, first.since, kind == Kind.UNSUPPORTED ? detail : first.detail);
    }
}
