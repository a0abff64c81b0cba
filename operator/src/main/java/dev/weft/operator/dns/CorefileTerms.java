package dev.weft.operator.dns;

import dev.weft.api.DnsHostSpec;
import dev.weft.api.PodRecords;
import dev.weft.api.StubDomainSpec;
import java.util.List;
import java.util.Optional;

/**
 * What a Corefile says, in the words of the API.
 *
 * @param upstreams as {@code spec.dns.upstreams}; empty for those of the node
 * @param notTakenOver a sentence for everything that Weft does not do as CoreDNS did
 */
record CorefileTerms(
        Optional<String> domain,
        List<String> upstreams,
        List<StubDomainSpec> stubDomains,
        List<DnsHostSpec> hosts,
        Optional<PodRecords> podRecords,
        Optional<Integer> ttlSeconds,
        List<String> notTakenOver) {

    /** There is no Corefile. */
    static final CorefileTerms NONE = new CorefileTerms(
            Optional.empty(), List.of(), List.of(), List.of(), Optional.empty(), Optional.empty(), List.of());

    CorefileTerms {
        upstreams = List.copyOf(upstreams);
        stubDomains = List.copyOf(stubDomains);
        hosts = List.copyOf(hosts);
        notTakenOver = List.copyOf(notTakenOver);
    }

    /** Any text has terms; of one that is no Corefile nothing is taken over, and that is said. */
    static CorefileTerms of(String corefile) {
        try {
            return new CorefileReader().read(Corefile.parse(corefile));
        } catch (CorefileException e) {
            return new CorefileTerms(
                    Optional.empty(),
                    List.of(),
                    List.of(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of("the Corefile is not understood: " + e.getMessage()));
        }
    }
}
