package dev.weft.operator.status;

import dev.weft.api.EffectiveDnsStatus;
import dev.weft.operator.observe.DnsServers;
import dev.weft.operator.observe.ServerTrouble;
import dev.weft.operator.observe.ServerTrouble.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What DNS servers say is not well, in sentences that name them. Only what has lasted for longer than {@link Health#GRACE}.
 *
 * @param problems what keeps names from being answered as they should be
 * @param notes what others still make up for
 */
record DnsReports(List<String> problems, List<String> notes) {
    /** @param effective what servers were told: upstream servers that nobody named are the nodes' affair */
    static DnsReports of(DnsServers servers, Instant now, EffectiveDnsStatus effective) {
        LastingTroubles lasting = LastingTroubles.of(servers.troubles(), now);
        List<String> problems = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        lasting.alike().forEach((subject, told) -> {
            String detail = told.getFirst().detail();
            String because = detail.isEmpty() ? "" : ": " + detail;
            String who = " (" + LastingTroubles.pods(servers.pods(), told) + ")";
            String upstream = "upstream server " + subject.server() + " for " + subject.name();
            switch (subject.kind()) {
                case CONFIG_REFUSED ->
                    problems.add("the DNS configuration is not taken, the one before stays" + because + who);
                case LOOP ->
                    problems.add(upstream + " asks this cluster's DNS in turn and is not asked any more" + who);
                case UPSTREAM_DOWN -> {
                    if (named(effective, subject.name()) > 0) {
                        boolean others = away(lasting.all(), subject.name()) < named(effective, subject.name());
                        (others ? notes : problems).add(upstream + " does not answer" + because + who);
                    }
                }
                case UNSUPPORTED -> {}
                case SILENT -> notes.add("a DNS server does not tell how it is" + because + who);
            }
        });
        return new DnsReports(problems, notes);
    }

    private static long away(List<ServerTrouble> troubles, String domain) {
        return troubles.stream()
                .filter(t -> t.kind() == Kind.UPSTREAM_DOWN || t.kind() == Kind.LOOP)
                .filter(t -> t.subject().equals(domain))
                .map(ServerTrouble::server)
                .distinct()
                .count();
    }

    /** How many servers the spec, or CoreDNS' Corefile, names for a domain. */
    private static int named(EffectiveDnsStatus effective, String domain) {
        return domain.equals(".")
                ? effective.upstreams().size()
                : effective.stubDomains().stream()
                        .filter(s ->
                                (s.domain() + ".").equals(domain) || s.domain().equals(domain))
                        .mapToInt(s -> s.servers().size())
                        .sum();
    }
}
