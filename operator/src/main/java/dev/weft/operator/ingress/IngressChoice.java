package dev.weft.operator.ingress;

import dev.weft.api.ClusterNetworkSpec;
import dev.weft.api.EffectiveIngressStatus;
import dev.weft.api.ManagementState;
import dev.weft.operator.observe.NodeInfo;
import dev.weft.operator.observe.Observed;
import dev.weft.operator.servers.ServerRelease;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Whether Weft serves ingress, and what is to be done about it.
 *
 * @param state what holds
 * @param version of the proxies
 * @param onNodes whether the proxies that count are those at nodes' own addresses
 * @param objects that should exist
 * @param keep whether objects of the proxies that are not among these are left alone
 * @param unwanted objects that should not exist and that no informer knows of
 * @param gateways whether there may be Services of Gateways
 * @param rolledBack why what ran before is to run again, if that was found right now
 * @param notes what people should know, one sentence each
 * @param problems what keeps it from serving as it should
 * @param effective as users read it, if ingress is asked for
 */
public record IngressChoice(
        ManagementState state,
        String version,
        boolean onNodes,
        List<HasMetadata> objects,
        boolean keep,
        List<HasMetadata> unwanted,
        boolean gateways,
        Optional<String> rolledBack,
        List<String> notes,
        List<String> problems,
        Optional<EffectiveIngressStatus> effective) {

    public IngressChoice {
        objects = List.copyOf(objects);
        unwanted = List.copyOf(unwanted);
        notes = List.copyOf(notes);
        problems = List.copyOf(problems);
    }

    /** Whether Weft's proxies run, or are to. */
    public boolean serving() {
        return !objects.isEmpty();
    }

    /** The same with objects made other ones. */
    public IngressChoice withObjects(UnaryOperator<HasMetadata> change) {
        return new IngressChoice(
                state,
                version,
                onNodes,
                objects.stream().map(change).toList(),
                keep,
                unwanted,
                gateways,
                rolledBack,
                notes,
                problems,
                effective);
    }

    /**
     * @param nodes those that have the pod network
     * @param release what proxies there should be
     * @param domain of the cluster's DNS, if it is known
     */
    public static IngressChoice of(
            ClusterNetworkSpec spec,
            Observed observed,
            List<NodeInfo> nodes,
            ServerRelease release,
            @Nullable String domain) {
        return new IngressChoosing(spec, observed, nodes, release, domain).choose();
    }
}
