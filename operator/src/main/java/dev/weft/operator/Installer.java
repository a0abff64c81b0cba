package dev.weft.operator;

import dev.weft.api.ManagementState;
import dev.weft.operator.apply.Applier;
import dev.weft.operator.apply.Events;
import dev.weft.operator.apply.KubeDnsService;
import dev.weft.operator.apply.KubeProxyObjects;
import dev.weft.operator.apply.NodePins;
import dev.weft.operator.dns.DnsChoice;
import dev.weft.operator.handover.Handover;
import dev.weft.operator.ingress.IngressChoice;
import dev.weft.operator.observe.Caches;
import dev.weft.operator.observe.Discovery;
import dev.weft.operator.observe.KubeProxy;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.plan.Plan;
import dev.weft.operator.revision.Names;
import dev.weft.operator.rollout.Step;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Carries out a {@link Plan.Install}: applies, prunes, pins. */
final class Installer {
    private final Caches caches;
    private final Applier applier;
    private final NodePins pins;
    private final KubeProxyObjects kubeProxy;
    private final KubeDnsService kubeDns;
    private final Discovery discovery;
    private final Events events;

    Installer(
            Caches caches,
            Applier applier,
            NodePins pins,
            KubeProxyObjects kubeProxy,
            KubeDnsService kubeDns,
            Discovery discovery,
            Events events) {
        this.kubeProxy = kubeProxy;
        this.kubeDns = kubeDns;
        this.discovery = discovery;
        this.caches = caches;
        this.applier = applier;
        this.pins = pins;
        this.events = events;
    }

    void carryOut(Plan.Install plan, Observed observed) {
        for (HasMetadata object : plan.objects()) {
            applier.apply(object, caches.cached(object));
        }
        prune(plan);
        handOver(plan.serviceProxy().handover(), observed);
        if (plan.step() instanceof Step.Move move) {
            for (String node : move.nodes()) {
                events.normal(
                        "NodeMoves",
                        "node " + node + " moves to " + plan.target().config().version() + ", revision "
                                + plan.target().name());
                pins.pin(node, plan.target().name(), observed.now());
            }
        }
        // Last: whatever is wrong with DNS, nodes are looked after.
        dns(plan.dns());
        ingress(plan.ingress(), observed);
    }

    private void ingress(IngressChoice ingress, Observed observed) {
        ingress.rolledBack().ifPresent(why -> events.warning("IngressRolledBack", why));
        for (HasMetadata object : ingress.objects()) {
            applier.apply(object, caches.cached(object));
        }
        if (!ingress.unwanted().isEmpty()) {
            ingress.unwanted().forEach(applier::delete);
            discovery.forget();
        }
        // A proxy that runs would make them again.
        if (!ingress.gateways()
                && (ingress.serving() || observed.ingress().pods().isEmpty())) {
            caches.gatewayServices().forEach(applier::delete);
        }
    }

    private void dns(DnsChoice dns) {
        dns.rolledBack().ifPresent(why -> events.warning("DnsRolledBack", why));
        for (HasMetadata object : dns.objects()) {
            boolean written = applier.apply(object, caches.cached(object));
            if (written && object.getMetadata().getLabels().containsKey(Names.DNS_TAKEN)) {
                discovery.forget();
                events.normal(
                        "DnsTakenOver",
                        "Service kube-dns leads to Weft's servers; the server before it is left as it was"
                                + (dns.effective().notTakenOver().isEmpty()
                                        ? ""
                                        : ". Not taken over of its Corefile: "
                                                + String.join(
                                                        "; ", dns.effective().notTakenOver())));
            }
        }
        if (dns.state() == ManagementState.REMOVED && dns.serving()) {
            // Nothing tells when the server before Weft is ready.
            discovery.forget();
        }
        switch (dns.back()) {
            case NOTHING, AWAITS_FORMER, DRAINS -> {}
            case TURN -> {
                kubeDns.handBack();
                discovery.forget();
                events.normal("DnsHandedBack", "Service kube-dns leads to the server before Weft again");
            }
            case LET_GO -> {
                kubeDns.letGo();
                discovery.forget();
            }
        }
    }

    void handOver(Handover handover, Observed observed) {
        if (handover.change() != Handover.Change.NONE
                && observed.discovered().kubeProxy().orElse(null) instanceof KubeProxy.InDaemonSet daemonSet) {
            kubeProxy.change(daemonSet, handover.change());
            discovery.forget();
            events.normal(
                    "KubeProxyChanged",
                    handover.change() == Handover.Change.YIELD
                            ? daemonSet.describe() + " leaves nodes that Weft serves from now on"
                            : daemonSet.describe() + " is as it was before Weft");
        }
        handover.labels().forEach((node, value) -> {
            pins.label(node, Names.KUBE_PROXY, value);
            events.normal("ServiceProxyMoves", "node " + node + ": " + told(value));
        });
    }

    private static String told(String label) {
        return switch (label) {
            case Names.KUBE_PROXY_LEAVING -> "Weft serves, kube-proxy is to leave";
            case Names.KUBE_PROXY_GONE -> "kube-proxy has left";
            case Names.KUBE_PROXY_RETURNING -> "kube-proxy is to come back, Weft serves until then";
            default -> "kube-proxy is back";
        };
    }

    private void prune(Plan.Install plan) {
        Set<String> wanted = Stream.of(
                        plan.objects(), plan.dns().objects(), plan.ingress().objects())
                .flatMap(List::stream)
                .map(Applier::id)
                .collect(Collectors.toSet());
        caches.managed()
                .filter(o -> o.getMetadata().getDeletionTimestamp() == null)
                .filter(o -> !wanted.contains(Applier.id(o)))
                .filter(o -> !plan.dns().keep() || !isOf(Names.DNS, o))
                .filter(o -> !plan.ingress().keep() || !isOf(Names.INGRESS, o))
                .forEach(applier::delete);
    }

    private static boolean isOf(String application, HasMetadata object) {
        return application.equals(object.getMetadata().getLabels().get(Names.APP_NAME));
    }
}
