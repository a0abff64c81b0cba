package dev.weft.operator.dns;

import dev.weft.api.ClusterNetworkSpec;
import dev.weft.api.PodRecords;
import dev.weft.net.Ip;
import dev.weft.operator.observe.ClusterDns.DnsService;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The objects of the DNS servers, but for the Service. */
final class DnsObjects {
    static final String CONFIG_KEY = "dns.json";
    static final String COREFILE_KEY = "Corefile";

    /** Until every node has heard of a new server, the old one stays. */
    private static final int MIN_READY_SECONDS = 3;

    private DnsObjects() {}

    /** What the servers for all nodes should run. */
    static DnsRevision revision(ClusterNetworkSpec spec, String registry, String version) {
        return DnsRevision.of(DnsTemplate.of(
                spec.dns(),
                spec.images(),
                spec.nodeAgent().nodeSelector(),
                registry + "/" + Names.DNS + ":" + version,
                version));
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
            DnsRollout forAll,
            DnsRollout onNodes,
            Optional<String> corefile) {
        List<HasMetadata> objects = new ArrayList<>(DnsRights.objects(settings.podRecords() == PodRecords.VERIFIED));
        Map<String, String> data = new TreeMap<>(Map.of(CONFIG_KEY, settings.json(apiServers)));
        corefile.ifPresent(text -> data.put(COREFILE_KEY, text));
        objects.add(new ConfigMapBuilder()
                .withNewMetadata()
                .withName(Names.DNS)
                .withNamespace(Names.DNS_NAMESPACE)
                .withLabels(Names.labels(Names.DNS))
                .endMetadata()
                .withData(data)
                .build());
        if (stage.deployment()) {
            objects.add(deployment(settings, forAll));
            objects.add(disruptions());
        }
        if (stage.daemonSet()) {
            objects.add(NodeLocalServers.of(onNodes, MIN_READY_SECONDS));
        }
        return objects;
    }

    private static Deployment deployment(DnsSettings settings, DnsRollout rollout) {
        Map<String, String> labels = Names.labels(Names.DNS);
        labels.put(Names.APP_VERSION, rollout.revision().version());
        return new DeploymentBuilder()
                .withNewMetadata()
                .withName(Names.DNS)
                .withNamespace(Names.DNS_NAMESPACE)
                .withLabels(labels)
                .withAnnotations(rollout.annotations())
                .endMetadata()
                .withNewSpec()
                .withProgressDeadlineSeconds((int) DnsRollout.DEADLINE.toSeconds())
                .withReplicas(settings.replicas())
                .withMinReadySeconds(MIN_READY_SECONDS)
                .withRevisionHistoryLimit(2)
                .withSelector(DnsTemplate.pods())
                // One more, then one less: never fewer than wanted.
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxSurge(new IntOrString(1))
                .withMaxUnavailable(new IntOrString(0))
                .endRollingUpdate()
                .endStrategy()
                .withTemplate(rollout.revision().podTemplate())
                .endSpec()
                .build();
    }

    private static PodDisruptionBudget disruptions() {
        return new PodDisruptionBudgetBuilder()
                .withNewMetadata()
                .withName(Names.DNS)
                .withNamespace(Names.DNS_NAMESPACE)
                .withLabels(Names.labels(Names.DNS))
                .endMetadata()
                .withNewSpec()
                .withMaxUnavailable(new IntOrString(1))
                .withSelector(DnsTemplate.podsForAll())
                .withUnhealthyPodEvictionPolicy("AlwaysAllow")
                .endSpec()
                .build();
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
                .withPorts(port("dns", 53, "UDP"), port("dns-tcp", 53, "TCP"), port("metrics", 9153, "TCP"))
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

    private static ServicePort port(String name, int number, String protocol) {
        return new ServicePortBuilder()
                .withName(name)
                .withPort(number)
                .withTargetPort(new IntOrString(number))
                .withProtocol(protocol)
                .build();
    }
}
