package dev.weft.operator.ingress;

import dev.weft.api.ClusterNetworkSpec;
import dev.weft.api.EffectiveIngressStatus;
import dev.weft.api.GatewayApi;
import dev.weft.api.IngressSpec;
import dev.weft.api.ManagementState;
import dev.weft.net.Ip;
import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.ClusterIngress;
import dev.weft.operator.observe.IngressServers;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.servers.FirstNodes;
import dev.weft.operator.servers.ServerRelease;
import dev.weft.operator.servers.ServerRevision;
import dev.weft.operator.servers.ServerRollout;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes an {@link IngressChoice}. */
record IngressChoosing(
        ClusterNetworkSpec spec,
        Observed observed,
        List<NodeInfo> nodes,
        ServerRelease release,
        @Nullable String domain) {
    private static final int ADDRESSES = 16;

    IngressChoice choose() {
        IngressSpec ingress = spec.ingress();
        if (ingress == null) {
            List<String> proposal = proposal();
            return absent(proposal.isEmpty() ? ManagementState.REMOVED : ManagementState.UNMANAGED, false, proposal);
        }
        return switch (ingress.managementState()) {
            case UNMANAGED ->
                absent(
                        ManagementState.UNMANAGED,
                        true,
                        List.of("managementState is Unmanaged: the ingress proxies are left as they are"));
            case REMOVED -> absent(ManagementState.REMOVED, false, List.of());
            case MANAGED -> managed(ingress);
            case null -> managed(ingress);
        };
    }

    private ClusterIngress cluster() {
        return observed.discovered().ingress();
    }

    private IngressServers servers() {
        return observed.ingress();
    }

    /** What somebody who comes from ingress-nginx should know. */
    private List<String> proposal() {
        List<String> classes = cluster().nginx();
        return classes.isEmpty()
                ? List.of()
                : List.of("ingress-nginx serves IngressClass " + String.join(", ", classes)
                        + "; to take over, set spec.ingress to {classes: [" + String.join(", ", classes)
                        + "]}: Weft then serves the same Ingresses beside it, at its own addresses; once clients come"
                        + " there, uninstall ingress-nginx");
    }

    private IngressChoice absent(ManagementState state, boolean keep, List<String> notes) {
        return new IngressChoice(
                state,
                release.version(),
                servers().running().isEmpty() && servers().onNodes().isPresent(),
                List.of(),
                keep,
                keep ? List.of() : unwanted(List.of()),
                keep,
                Optional.empty(),
                notes,
                List.of(),
                keep
                        ? Optional.of(new EffectiveIngressStatus(
                                state, null, null, List.of(), null, null, null, null, null, List.of()))
                        : Optional.empty());
    }

    private IngressChoice managed(IngressSpec ingress) {
        IngressSettings settings = IngressSettings.resolve(ingress, cluster(), eligible(ingress), domain);
        List<String> problems = new ArrayList<>(cannot(settings).stream().toList());
        boolean possible = problems.isEmpty();
        ServerRollout behindService = ServerRollout.of(
                IngressObjects.KIND,
                ServerRevision.of(IngressTemplate.inPodNetwork(spec, ingress, settings, release)),
                servers().running(),
                servers().pods(),
                observed.generation(),
                observed.now());
        ServerRollout onNodes = ServerRollout.onNodes(
                IngressObjects.KIND,
                ServerRevision.of(IngressTemplate.onNode(spec, ingress, settings, release)),
                servers().onNodes(),
                servers().pods(),
                silent(),
                observed.generation(),
                observed.now());
        ServerRollout wanted = settings.onNodes() ? onNodes : behindService;
        wanted.failed().ifPresent(problems::add);
        List<HasMetadata> objects = possible ? objects(settings, eligible(ingress), behindService, onNodes) : List.of();
        return new IngressChoice(
                ManagementState.MANAGED,
                release.version(),
                settings.onNodes(),
                objects,
                !possible,
                possible ? unwanted(objects) : List.of(),
                !possible || settings.gatewayApi() == GatewayApi.ENABLED,
                wanted.failed().filter(why -> wanted.news()),
                notes(settings, ingress),
                problems,
                Optional.of(settings.effective(ManagementState.MANAGED, cluster(), addresses(settings))));
    }

    /** GatewayClasses of former names, or of a time when Gateways were served. */
    private List<HasMetadata> unwanted(List<HasMetadata> objects) {
        return cluster().gatewayClasses().stream()
                .map(IngressObjects::gatewayClass)
                .filter(c -> objects.stream()
                        .noneMatch(o -> o.getKind().equals(c.getKind())
                                && o.getMetadata()
                                        .getName()
                                        .equals(c.getMetadata().getName())))
                .toList();
    }

    private List<HasMetadata> objects(
            IngressSettings settings, List<NodeInfo> eligible, ServerRollout behindService, ServerRollout onNodes) {
        List<HasMetadata> objects = new ArrayList<>(IngressObjects.around(settings, cluster(), release));
        boolean early = servers().none() && FirstNodes.tooEarly(observed, eligible);
        // Those of the other placement stay until all of the wanted one are ready.
        boolean moving = !(settings.onNodes() ? servers().onNodes() : servers().running())
                .filter(w -> w.desired() > away(settings) && w.completeBut(away(settings)))
                .isPresent();
        if (!settings.onNodes() || (moving && servers().running().isPresent())) {
            IngressObjects.behindService(settings, behindService).stream()
                    .filter(o -> !early || !o.getKind().equals("Deployment"))
                    .forEach(objects::add);
        }
        if ((settings.onNodes() && !early) || (moving && servers().onNodes().isPresent())) {
            objects.add(IngressObjects.onNodes(onNodes));
        }
        return objects;
    }

    /** How many proxies of the wanted placement are not waited for. */
    private int away(IngressSettings settings) {
        return settings.onNodes() ? silent().size() : 0;
    }

    /** Why nothing can be done, if so; what runs goes on. */
    private Optional<String> cannot(IngressSettings settings) {
        return cluster()
                .foreign(settings.className())
                .map(c -> "IngressClass " + c.name() + " belongs to the controller " + c.controller()
                        + ", which cannot change; give spec.ingress.className another name, and put " + c.name()
                        + " into spec.ingress.classes to serve its Ingresses as well");
    }

    private List<String> notes(IngressSettings settings, IngressSpec ingress) {
        List<String> notes = new ArrayList<>();
        if (ingress.gatewayAPI() == GatewayApi.ENABLED && !cluster().gatewayApi()) {
            notes.add("the cluster has no CRDs of the Gateway API, so only Ingresses are served; install the standard"
                    + " channel of gateway-api v1.6");
        }
        settings.classes().stream()
                .filter(name -> cluster().foreign(name).isEmpty())
                .map(name -> "there is no IngressClass " + name
                        + "; Ingresses that name it in the annotation kubernetes.io/ingress.class are served"
                        + " all the same")
                .forEach(notes::add);
        List<String> other = cluster().classes().stream()
                .filter(ClusterIngress.ForeignClass::isDefault)
                .map(ClusterIngress.ForeignClass::name)
                .toList();
        if (settings.defaultClass() && !other.isEmpty()) {
            notes.add("IngressClass " + String.join(", ", other)
                    + " is the cluster's default too: take the annotation off one of them");
        }
        return notes;
    }

    private List<String> addresses(IngressSettings settings) {
        if (!settings.onNodes()) {
            return servers().addresses().stream().limit(ADDRESSES).toList();
        }
        Set<String> running = servers().pods().stream()
                .filter(AgentPod::ready)
                .map(AgentPod::node)
                .collect(Collectors.toSet());
        return nodes.stream()
                .filter(n -> running.contains(n.name()))
                .flatMap(n -> n.internalIps().stream())
                .map(Ip::toString)
                .limit(ADDRESSES)
                .toList();
    }

    /** Nodes that have gone silent. */
    private Set<String> silent() {
        return nodes.stream().filter(NodeInfo::unreachable).map(NodeInfo::name).collect(Collectors.toSet());
    }

    private List<NodeInfo> eligible(IngressSpec ingress) {
        return nodes.stream()
                .filter(n -> n.labels()
                        .entrySet()
                        .containsAll(ingress.placement().nodeSelector().entrySet()))
                .toList();
    }
}
