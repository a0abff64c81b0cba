package dev.weft.operator;

import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.DaemonSetBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * The DaemonSets of servers as their controller would leave them a moment later, and which DNS servers there were at each
 * turn.
 */
final class FakeDnsServers {
    private final KubernetesClient client;
    private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

    FakeDnsServers(KubernetesClient client) {
        this.client = client;
    }

    /** Which servers there were and what the Service preferred, each once in a row: {@code all}, {@code all+nodes}. */
    List<String> seen() {
        return List.copyOf(seen);
    }

    void forget() {
        seen.clear();
    }

    /** One turn of the DaemonSet controller. */
    void turn() {
        List<Deployment> deployments = client.apps()
                .deployments()
                .inNamespace(Names.DNS_NAMESPACE)
                .withLabel(Names.APP_NAME, Names.DNS)
                .list()
                .getItems();
        List<DaemonSet> daemonSets = client.apps()
                .daemonSets()
                .inNamespace(Names.DNS_NAMESPACE)
                .withLabel(Names.APP_NAME, Names.DNS)
                .list()
                .getItems();
        look(deployments, daemonSets);
        daemonSets.forEach(this::ready);
        // The ingress proxies at nodes' own addresses.
        client.apps()
                .daemonSets()
                .inNamespace(Names.NAMESPACE)
                .withLabel(Names.APP_NAME, Names.INGRESS)
                .list()
                .getItems()
                .forEach(this::ready);
    }

    private void look(List<Deployment> deployments, List<DaemonSet> daemonSets) {
        List<String> there = new ArrayList<>();
        deployments.forEach(d -> there.add("all"));
        daemonSets.forEach(d -> there.add("nodes"));
        Service service = client.services()
                .inNamespace(Names.DNS_NAMESPACE)
                .withName(Names.DNS_SERVICE)
                .get();
        String distribution = service == null
                ? ""
                : Objects.requireNonNullElse(service.getSpec().getTrafficDistribution(), "");
        String now = String.join("+", there) + (distribution.isEmpty() ? "" : " " + distribution);
        if (seen.isEmpty() || !seen.getLast().equals(now)) {
            seen.add(now);
        }
    }

    private void ready(DaemonSet daemonSet) {
        Long generation = daemonSet.getMetadata().getGeneration();
        if (daemonSet.getStatus() == null
                || !generation.equals(daemonSet.getStatus().getObservedGeneration())) {
            int nodes = client.nodes().list().getItems().size();
            client.resource(daemonSet)
                    .editStatus(d -> new DaemonSetBuilder(d)
                            .withNewStatus()
                            .withObservedGeneration(generation)
                            .withDesiredNumberScheduled(nodes)
                            .withCurrentNumberScheduled(nodes)
                            .withUpdatedNumberScheduled(nodes)
                            .withNumberReady(nodes)
                            .withNumberAvailable(nodes)
                            .withNumberMisscheduled(0)
                            .endStatus()
                            .build());
        }
    }
}
