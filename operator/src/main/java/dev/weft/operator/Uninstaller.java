package dev.weft.operator;

import dev.weft.operator.apply.Applier;
import dev.weft.operator.apply.Events;
import dev.weft.operator.apply.NodePins;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Readers;
import dev.weft.operator.plan.Removal;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Carries out {@link Removal}. Reads the API and no cache: it is rare, and a stale view would start over. */
final class Uninstaller {
    private static final Map<String, String> SELECTOR = Map.of(Names.MANAGED_BY, Names.FIELD_MANAGER);

    private final KubernetesClient client;
    private final Applier applier;
    private final NodePins pins;
    private final Events events;
    private final Clock clock;

    Uninstaller(KubernetesClient client, Applier applier, NodePins pins, Events events, Clock clock) {
        this.client = client;
        this.applier = applier;
        this.pins = pins;
        this.events = events;
        this.clock = clock;
    }

    /** One step. Returns what it waits for, or nothing when all is done. */
    Optional<String> step() {
        List<DaemonSet> daemonSets = daemonSets();
        List<ConfigMap> configMaps = configMaps();
        Removal.Found found = found(daemonSets, configMaps);
        return switch (Removal.next(found)) {
            case Removal.StopAgents stop -> {
                daemonSets.stream()
                        .filter(d -> d.getMetadata().getLabels().containsKey(Names.REVISION))
                        .forEach(applier::delete);
                yield Optional.of("agents stop");
            }
            case Removal.StartCleanup start -> {
                events.normal(
                        "CleaningNodes",
                        "the clean-up starts on " + found.nodes().size() + " nodes");
                applier.apply(start.daemonSet(), Optional.empty());
                yield Optional.of("the clean-up starts");
            }
            case Removal.Await await -> Optional.of(await.clean() + " of " + await.total() + " nodes are clean");
            case Removal.Finish finish -> {
                finish(finish, found.nodes(), daemonSets, configMaps);
                yield Optional.empty();
            }
        };
    }

    private Removal.Found found(List<DaemonSet> daemonSets, List<ConfigMap> configMaps) {
        Optional<DaemonSet> cleanup = daemonSets.stream()
                .filter(d -> d.getMetadata().getName().equals(Names.CLEANUP))
                .findFirst();
        return new Removal.Found(
                clock.instant(),
                client.nodes().list().getItems().stream().map(Readers::node).toList(),
                client
                        .pods()
                        .inNamespace(Names.NAMESPACE)
                        .withLabelSelector(Names.POD_SELECTOR)
                        .list()
                        .getItems()
                        .stream()
                        .map(Readers::pod)
                        .toList(),
                Readers.live(configMaps, daemonSets),
                cleanup.map(d -> Readers.instant(d.getMetadata().getCreationTimestamp())));
    }

    /** ConfigMaps go before the clean-up's DaemonSet: while one is there, a clean-up is due. */
    private void finish(
            Removal.Finish finish, List<NodeInfo> nodes, List<DaemonSet> daemonSets, List<ConfigMap> configMaps) {
        if (!finish.blocked().isEmpty()) {
            events.warning(
                    "NodesNotCleaned",
                    "links, routes, rules and CNI files may be left on: " + String.join("; ", finish.blocked()));
        }
        boolean anything = !daemonSets.isEmpty() || !configMaps.isEmpty();
        configMaps.forEach(applier::delete);
        nodes.stream()
                .filter(n -> n.revision().isPresent()
                        || n.movedAt().isPresent()
                        || !n.kubeProxy().isEmpty())
                .forEach(n -> pins.release(n.name()));
        List<HasMetadata> rest = new ArrayList<>(daemonSets);
        rest.addAll(rights());
        rest.forEach(applier::delete);
        if (anything && finish.blocked().isEmpty()) {
            events.normal("NodesCleaned", "everything is off " + nodes.size() + " nodes");
        }
    }

    private List<DaemonSet> daemonSets() {
        return client.apps()
                .daemonSets()
                .inNamespace(Names.NAMESPACE)
                .withLabels(SELECTOR)
                .list()
                .getItems();
    }

    private List<ConfigMap> configMaps() {
        return client.configMaps()
                .inNamespace(Names.NAMESPACE)
                .withLabels(SELECTOR)
                .list()
                .getItems();
    }

    private List<HasMetadata> rights() {
        return Stream.<HasMetadata>concat(
                        Stream.concat(
                                client.rbac().clusterRoleBindings().withLabels(SELECTOR).list().getItems().stream(),
                                client.rbac().clusterRoles().withLabels(SELECTOR).list().getItems().stream()),
                        client
                                .serviceAccounts()
                                .inNamespace(Names.NAMESPACE)
                                .withLabels(SELECTOR)
                                .list()
                                .getItems()
                                .stream())
                .toList();
    }
}
