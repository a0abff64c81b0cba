package dev.weft.operator.dns;

import dev.weft.api.ClusterNetworkSpec;
import dev.weft.api.DnsPlacement;
import dev.weft.api.ManagementState;
import dev.weft.net.Ip;
import dev.weft.operator.dns.DnsChoice.Source;
import dev.weft.operator.observe.ClusterDns;
import dev.weft.operator.observe.ClusterDns.DnsService;
import dev.weft.operator.observe.ClusterDns.Owner;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.servers.FirstNodes;
import dev.weft.operator.servers.ServerRelease;
import dev.weft.operator.servers.ServerRollout;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes a {@link DnsChoice}. */
record DnsChoosing(ClusterNetworkSpec spec, Observed observed, List<NodeInfo> nodes, ServerRelease release) {
    private static final String SPEC = "spec";

    DnsChoice choose() {
        return switch (spec.dns().managementState()) {
            case MANAGED -> managed(SPEC);
            case UNMANAGED ->
                left(SPEC, true, "managementState is Unmanaged: the DNS servers and the Service are left as they are");
            case REMOVED -> removed();
            case null -> unsaid();
        };
    }

    private ClusterDns cluster() {
        return observed.discovered().dns();
    }

    private Optional<Owner> owner() {
        return cluster().service().map(DnsService::owner);
    }

    /** What runs goes on: neither Weft nor another server gives way to the other unless told to. */
    private DnsChoice unsaid() {
        if (owner().filter(o -> o == Owner.RETURNED).isPresent()) {
            return removed();
        }
        boolean running = !observed.dns().none()
                && owner().filter(o -> o != Owner.FOREIGN).isPresent();
        if (running) {
            return managed("as it runs");
        }
        return owner().filter(o -> o == Owner.FOREIGN).isPresent()
                ? left(
                        "a Service kube-dns was found",
                        false,
                        "another server answers DNS queries, behind Service kube-system/kube-dns; set"
                                + " spec.dns.managementState to Managed, and Weft takes its place without interruption")
                : managed("no Service kube-dns was found");
    }

    private DnsChoice managed(String from) {
        DnsSettings settings = settings();
        Optional<DnsService> service = cluster().service();
        Optional<String> problem = cannot(settings, service);
        if (problem.isPresent()) {
            return result(
                    ManagementState.MANAGED,
                    from,
                    settings,
                    List.of(),
                    true,
                    List.of(),
                    problem.stream().toList());
        }
        DnsStage stage = DnsStage.of(settings.placement(), observed.dns(), service, silent().size());
        ServerRollout forAll = ServerRollout.of(
                DnsObjects.KIND,
                DnsObjects.revision(spec, release),
                observed.dns().running(),
                observed.dns().pods(),
                observed.generation(),
                observed.now());
        ServerRollout onNodes = ServerRollout.onNodes(
                DnsObjects.KIND,
                NodeLocalServers.revision(spec, release),
                observed.dns().nodeLocal(),
                observed.dns().pods(),
                silent(),
                observed.generation(),
                observed.now());
        List<HasMetadata> objects =
                new ArrayList<>(DnsObjects.of(settings, release.apiServers(), stage, forAll, onNodes, corefile()));
        if (observed.dns().running().isEmpty() && FirstNodes.tooEarly(observed, eligible())) {
            objects.removeIf(Deployment.class::isInstance);
        }
        List<String> notes = new ArrayList<>();
        stage.note().ifPresent(notes::add);
        switch (owner().orElse(Owner.WEFT)) {
            case WEFT -> objects.add(DnsObjects.service(settings.clusterIp(), stage.distribution()));
            case TAKEN -> objects.add(DnsObjects.taken(service.orElseThrow(), stage.distribution()));
            case FOREIGN, RETURNED -> {
                if (stage.complete()) {
                    objects.add(DnsObjects.taken(service.orElseThrow(), stage.distribution()));
                } else {
                    notes.add("Service kube-dns is turned to Weft once all servers are ready");
                }
            }
        }
        List<String> failed = new ArrayList<>(tooOld());
        ServerRollout wanted = settings.placement() == DnsPlacement.NODE_LOCAL ? onNodes : forAll;
        wanted.failed().ifPresent(failed::add);
        return result(ManagementState.MANAGED, from, settings, objects, false, notes, failed)
                .rolledBack(wanted.failed().filter(why -> wanted.news()));
    }

    private List<String> tooOld() {
        return spec.dns().placement() == DnsPlacement.NODE_LOCAL && !cluster().sameNode()
                ? List.of("dns.placement NodeLocal needs Kubernetes 1.34, whose Services can prefer a server of the"
                        + " same node; the servers run as with placement Cluster")
                : List.of();
    }

    /** Nodes that have gone silent. */
    private Set<String> silent() {
        return eligible().stream()
                .filter(NodeInfo::unreachable)
                .map(NodeInfo::name)
                .collect(Collectors.toSet());
    }

    /** Why nothing can be done, if so; what runs goes on. */
    private Optional<String> cannot(DnsSettings settings, Optional<DnsService> service) {
        Optional<Ip> is = service.flatMap(DnsService::clusterIp);
        if (settings.clusterIp().isEmpty()) {
            return Optional.of("no address for DNS is known: the range of Services is not; set spec.dns.clusterIP");
        }
        if (is.isPresent() && !is.equals(settings.clusterIp())) {
            return Optional.of("Service kube-system/kube-dns has the address " + is.get() + ", which cannot change;"
                    + " set spec.dns.clusterIP to it or leave it out");
        }
        boolean bySelector = service.map(s -> s.owner() == Owner.WEFT
                        || s.owner() == Owner.TAKEN
                        || (!s.selector().isEmpty() && s.clusterIp().isPresent()))
                .orElse(true);
        if (!bySelector) {
            return Optional.of("Service kube-system/kube-dns has no selector or no address, so Weft cannot take its"
                    + " place; delete it, and Weft makes one");
        }
        try {
            settings.config(release.apiServers());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("the DNS configuration is not taken, the one before stays: " + e.getMessage());
        }
    }

    private DnsChoice removed() {
        DnsSettings settings = settings();
        ServiceReturn back = ServiceReturn.of(cluster().service(), observed.now());
        if (back == ServiceReturn.NOTHING) {
            return result(ManagementState.REMOVED, SPEC, settings, List.of(), false, List.of(), List.of());
        }
        DnsChoice serving = managed(SPEC);
        return new DnsChoice(
                ManagementState.REMOVED,
                serving.version(),
                SPEC,
                back.serves()
                        ? serving.objects().stream()
                                .filter(o -> back == ServiceReturn.AWAITS_FORMER || !(o instanceof Service))
                                .toList()
                        : List.of(),
                // Gone once nothing leads to them.
                true,
                back,
                serving.rolledBack(),
                returning(back),
                serving.problems(),
                settings.effective(ManagementState.REMOVED),
                sources(SPEC, settings));
    }

    private List<String> returning(ServiceReturn back) {
        String former = "the server before it (labels "
                + cluster().service().map(DnsService::selector).orElse(Map.of()) + " in namespace kube-system)";
        return switch (back) {
            case NOTHING, TURN, LET_GO -> List.of();
            case AWAITS_FORMER -> List.of("Weft serves until a pod of " + former + " is ready: start that one again");
            case DRAINS ->
                List.of("Service kube-dns is handed back; Weft's servers stay until every node has heard of it");
        };
    }

    private DnsChoice left(String from, boolean keep, String note) {
        DnsSettings settings = settings();
        List<String> notes = new ArrayList<>(List.of(note));
        notes.addAll(settings.notTakenOver());
        return result(ManagementState.UNMANAGED, from, settings, List.of(), keep, notes, List.of());
    }

    private DnsChoice result(
            ManagementState state,
            String from,
            DnsSettings settings,
            List<HasMetadata> objects,
            boolean keep,
            List<String> notes,
            List<String> problems) {
        return new DnsChoice(
                state,
                release.version(),
                from,
                objects,
                keep,
                ServiceReturn.NOTHING,
                Optional.empty(),
                notes,
                problems,
                settings.effective(state),
                sources(from, settings));
    }

    private static List<Source> sources(String from, DnsSettings settings) {
        List<Source> sources = new ArrayList<>(List.of(new Source("dns", from)));
        settings.sources().forEach(s -> sources.add(new Source(s.field(), s.from())));
        return sources;
    }

    private DnsSettings settings() {
        return DnsSettings.resolve(
                spec.dns(),
                corefile().map(CorefileTerms::of).orElse(CorefileTerms.NONE),
                cluster(),
                observed.discovered().serviceCidrs(),
                DnsReplicas.of(spec.dns().replicas(), eligible()));
    }

    /** The one that was taken over stays, whatever becomes of CoreDNS' ConfigMap afterwards. */
    private Optional<String> corefile() {
        return observed.dns()
                .corefile()
                .or(() -> owner().filter(o -> o != Owner.WEFT)
                        .flatMap(o -> cluster().corefile()));
    }

    private List<NodeInfo> eligible() {
        return nodes.stream()
                .filter(n -> n.labels()
                        .entrySet()
                        .containsAll(spec.dns().nodeSelector().entrySet()))
                .toList();
    }
}
