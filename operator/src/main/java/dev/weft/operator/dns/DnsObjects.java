package dev.weft.operator.dns;

import dev.weft.api.ClusterNetworkSpec;
import dev.weft.api.PodRecords;
import dev.weft.net.Ip;
import dev.weft.operator.observe.ClusterDns.DnsService;
import dev.weft.operator.revision.Names;
import dev.weft.operator.servers.ServerKind;
import dev.weft.operator.servers.ServerObjects;
import dev.weft.operator.servers.ServerRelease;
import dev.weft.operator.servers.ServerRevision;
import dev.weft.operator.servers.ServerRollout;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The objects of the DNS servers, but for the Service. */
public final class DnsObjects {
    static final String CONFIG_KEY = "dns.json";
    static final String COREFILE_KEY = "Corefile";

    public static final ServerKind KIND = new ServerKind(Names.DNS, Names.DNS_NAMESPACE, "DNS servers");

    private static final ServerObjects SERVERS = new ServerObjects(KIND);

    private DnsObjects() {}

    /** What the servers for all nodes should run. */
    static ServerRevision revision(ClusterNetworkSpec spec, ServerRelease release) {
        return ServerRevision.of(DnsTemplate.of(
                spec.dns(),
                spec.images(),
                spec.nodeAgent().nodeSelector(),
                release.image(Names.DNS),
                release.version()));
    }

    /**
     * @param stage which servers there are
     * @param forAll what the servers for all nodes run
     * @param onNodes what the servers on each node run
     * @param corefile kept beside the configuration, so that what was taken over stays when CoreDNS goes
     */
    static List<HasMetadata> of(
            DnsSettings settings,
            List<URI> apiServers,
            DnsStage stage,
            ServerRollout forAll,
            ServerRollout onNodes,
            Optional<String> corefile) {
        List<HasMetadata> objects = new ArrayList<>(DnsRights.objects(settings.podRecords() == PodRecords.VERIFIED));
        Map<String, String> data = new TreeMap<>(Map.of(CONFIG_KEY, settings.json(apiServers)));
        corefile.ifPresent(text -> data.put(COREFILE_KEY, text));
        objects.add(SERVERS.config(data));
        if (stage.deployment()) {
            objects.add(SERVERS.deployment(forAll, settings.replicas(), DnsTemplate.pods()));
            objects.add(SERVERS.disruptions(DnsTemplate.podsForAll()));
        }
        if (stage.daemonSet()) {
            objects.add(NodeLocalServers.of(onNodes));
        }
        return objects;
    }

    /** A Service of our own, with the names of ports and the label by which people look for it. */
    static Service service(Optional<Ip> clusterIp, Optional<String> distribution) {
        Map<String, String> labels = Names.labels(Names.DNS);
        labels.put("k8s-app", Names.DNS_SERVICE);
        labels.put("kubernetes.io/cluster-service", "true");
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(Names.DNS_SERVICE)
                .withNamespace(Names.DNS_NAMESPACE)
                .withLabels(labels)
                .endMetadata()
                .withNewSpec()
                .withClusterIP(clusterIp.map(Ip::toString).orElse(null))
                .withSelector(DnsTemplate.selector())
                .withTrafficDistribution(distribution.orElse(null))
                .withPorts(
                        ServerObjects.port("dns", 53, "UDP"),
                        ServerObjects.port("dns-tcp", 53, "TCP"),
                        ServerObjects.port("metrics", 9153, "TCP"))
                .endSpec()
                .build();
    }

    /** Only what is ours of somebody else's Service: where it leads to, and where it led to before. */
    static Service taken(DnsService former, Optional<String> distribution) {
        Map<String, String> annotations = new TreeMap<>();
        annotations.put(Names.DNS_SELECTOR, Serialization.asJson(new TreeMap<>(former.selector())));
        former.formerDistribution().ifPresent(text -> annotations.put(Names.DNS_DISTRIBUTION, text));
        return new ServiceBuilder()
                .withNewMetadata()
                .withName(Names.DNS_SERVICE)
                .withNamespace(Names.DNS_NAMESPACE)
                .addToLabels(Names.DNS_TAKEN, "taken")
                .addToAnnotations(annotations)
                .endMetadata()
                .withNewSpec()
                .withSelector(DnsTemplate.selector())
                .withTrafficDistribution(distribution.orElse(null))
                .endSpec()
                .build();
    }
}
