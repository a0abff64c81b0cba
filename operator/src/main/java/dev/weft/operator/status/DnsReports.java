package dev.weft.operator.status;

import dev.weft.api.EffectiveDnsStatus;
import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.DnsServers;
import dev.weft.operator.observe.DnsTrouble;
import dev.weft.operator.observe.DnsTrouble.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What DNS servers say is not well, in sentences that name them. Only what has lasted for longer than {@link Health#GRACE}.
 *
 * @param problems what keeps names from being answered as they should be
 * @param notes what others still make up for
 */
record DnsReports(List<String> problems, List<String> notes) {
    private static final int NAMED = 3;

    /** What several servers may say alike. */
    private record Subject(Kind kind, String domain, String server) {}

    /** @param effective what servers were told: upstream servers that nobody named are the nodes' affair */
    static DnsReports of(DnsServers servers, Instant now, EffectiveDnsStatus effective) {
        List<DnsTrouble> lasting = servers.troubles().stream()
                .filter(t -> Duration.between(t.since(), now).compareTo(Health.GRACE) > 0)
                .toList();
        Map<Subject, List<DnsTrouble>> alike = lasting.stream()
                .collect(Collectors.groupingBy(
                        t -> new Subject(t.kind(), t.domain(), t.server()),
                        () -> new TreeMap<>(Comparator.comparing(Subject::kind)
                                .thenComparing(Subject::domain)
                                .thenComparing(Subject::server)),
                        Collectors.toList()));
        List<String> problems = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        alike.forEach((subject, told) -> {
            String detail = told.getFirst().detail();
            String because = detail.isEmpty() ? "" : ": " + detail;
            String who = " (" + pods(servers, told) + ")";
            String upstream = "upstream server " + subject.server() + " for " + subject.domain();
            switch (subject.kind()) {
                case CONFIG_REFUSED ->
                    problems.add("the DNS configuration is not taken, the one before stays" + because + who);
                case LOOP ->
                    problems.add(upstream + " asks this cluster's DNS in turn and is not asked any more" + who);
                case UPSTREAM_DOWN -> {
                    if (named(effective, subject.domain()) > 0) {
                        boolean others = away(lasting, subject.domain()) < named(effective, subject.domain());
                        (others ? notes : problems).add(upstream + " does not answer" + because + who);
                    }
                }
                case SILENT -> notes.add("a DNS server does not tell how it is" + because + who);
            }
        });
        return new DnsReports(problems, notes);
    }

    private static long away(List<DnsTrouble> troubles, String domain) {
        return troubles.stream()
                .filter(t -> t.kind() == Kind.UPSTREAM_DOWN || t.kind() == Kind.LOOP)
                .filter(t -> t.domain().equals(domain))
                .map(DnsTrouble::server)
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

    private static String pods(DnsServers servers, List<DnsTrouble> told) {
        String more = told.size() > NAMED ? " and " + (told.size() - NAMED) + " more" : "";
        return told.stream().limit(NAMED).map(t -> where(servers, t.pod())).collect(Collectors.joining(", ")) + more;
    }

    private static String where(DnsServers servers, String pod) {
        return servers.pods().stream()
                .filter(p -> p.name().equals(pod) && !p.node().isEmpty())
                .map(AgentPod::node)
                .map(node -> pod + " on " + node)
                .findFirst()
                .orElse(pod);
    }
}
