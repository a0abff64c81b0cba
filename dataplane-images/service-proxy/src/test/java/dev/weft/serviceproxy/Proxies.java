package dev.weft.serviceproxy;

import dev.weft.agent.Metrics;
import dev.weft.agent.SyncRequest;
import dev.weft.agent.TimeSource;
import dev.weft.kube.Change;
import dev.weft.kube.EndpointSlice;
import dev.weft.kube.Node;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.Service;
import dev.weft.nftables.Nftables;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A proxy for tests, that is told what a watch would tell it. */
final class Proxies {
    final Pending pending = new Pending();
    final ProxySync sync;

    private Proxies(ProxyConfig config, Site site, Nftables nftables, FlowTable flows) {
        sync = new ProxySync(
                new ProxySync.Parts(
                        config,
                        site.node(),
                        () -> Optional.of(node(site)),
                        () -> true,
                        nftables,
                        flows,
                        (checks, where) -> {}),
                pending,
                new ProxyMetrics(new Metrics(), pending),
                TimeSource.system());
    }

    static Proxies over(Nftables nftables) {
        return new Proxies(RandomCluster.CONFIG, RandomCluster.SITE, nftables, (family, rules) -> 0);
    }

    static Proxies over(ProxyConfig config, Site site, Nftables nftables, FlowTable flows) {
        return new Proxies(config, site, nftables, flows);
    }

    private static Node node(Site site) {
        return new Node(
                site.node(),
                "uid",
                Map.of("topology.kubernetes.io/zone", site.zone()),
                Instant.EPOCH,
                site.podCidrs(),
                site.addresses(),
                site.addresses(),
                Set.of(),
                true,
                false);
    }

    void put(Service service) {
        pending.service(new Change<>(service.key(), Optional.empty(), Optional.of(service)));
    }

    void remove(Service service) {
        pending.service(new Change<>(service.key(), Optional.of(service), Optional.empty()));
    }

    /** The one slice of a Service. */
    void put(ObjectKey service, Optional<EndpointSlice> before, EndpointSlice now) {
        pending.slice(
                new Change<>(new ObjectKey(service.namespace(), service.name() + "-x"), before, Optional.of(now)));
    }

    void follow() {
        sync.sync(new SyncRequest(false, List.of("test")));
    }

    void resync() {
        sync.distrust();
        sync.sync(new SyncRequest(true, List.of("test")));
    }
}
