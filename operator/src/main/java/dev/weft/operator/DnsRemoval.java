package dev.weft.operator;

import dev.weft.operator.apply.Applier;
import dev.weft.operator.apply.Events;
import dev.weft.operator.apply.KubeDnsService;
import dev.weft.operator.apply.ServersInCluster;
import dev.weft.operator.dns.ServiceReturn;
import dev.weft.operator.observe.ClusterDns;
import dev.weft.operator.observe.NodeInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes the DNS servers away: first the Service leads back to where it led before Weft, then they go. */
final class DnsRemoval {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final ServersInCluster servers;
    private final Applier applier;
    private final KubeDnsService service;
    private final Events events;
    private final Clock clock;
    private Instant until = Instant.MAX;

    DnsRemoval(ServersInCluster servers, Applier applier, KubeDnsService service, Events events, Clock clock) {
        this.servers = servers;
        this.applier = applier;
        this.service = service;
        this.events = events;
        this.clock = clock;
    }

    /** No removal is under way any more. */
    void reset() {
        until = Instant.MAX;
    }

    /**
     * One step. Returns what it waits for, or nothing when all is done or has taken too long.
     *
     * @param nodes that are there; a pod on one that is not ready does not end, and is not waited for
     */
    Optional<String> step(ClusterDns dns, List<NodeInfo> nodes) {
        if (until.equals(Instant.MAX)) {
            until = clock.instant().plus(LIMIT);
        }
        boolean late = clock.instant().isAfter(until);
        Optional<String> back = giveBack(dns, late);
        return back.isPresent() ? back : removeServers(nodes, late);
    }

    private Optional<String> giveBack(ClusterDns dns, boolean late) {
        ServiceReturn back = ServiceReturn.of(dns.service(), clock.instant());
        if (back == ServiceReturn.AWAITS_FORMER && !late) {
            return Optional.of("the DNS server before Weft is not ready: no pod with the labels "
                    + dns.service().map(ClusterDns.DnsService::selector).orElse(Map.of())
                    + " in namespace kube-system is");
        }
        if (back == ServiceReturn.DRAINS && !late) {
            return Optional.of("Service kube-dns is handed back; DNS servers stay until every node has heard of it");
        }
        return switch (back) {
            case NOTHING -> Optional.empty();
            case AWAITS_FORMER, TURN -> {
                service.handBack();
                events.normal("DnsHandedBack", "Service kube-dns leads to the server before Weft again");
                yield Optional.of("Service kube-dns is handed back");
            }
            case DRAINS, LET_GO -> {
                service.letGo();
                yield Optional.of("nothing leads to Weft's DNS servers any more");
            }
        };
    }

    private Optional<String> removeServers(List<NodeInfo> nodes, boolean late) {
        servers.objects().forEach(applier::delete);
        return servers.runOnReady(nodes) && !late ? Optional.of("DNS servers stop") : Optional.empty();
    }
}
