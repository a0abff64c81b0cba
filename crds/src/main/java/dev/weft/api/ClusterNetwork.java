package dev.weft.api;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Objects;

/**
 * The networking of a cluster. Cluster-scoped; there is one, named {@link #NAME}.
 *
 * <p>The rules on what may not change stand here and not at the fields, because a transition rule on an optional field
 * is not asked when the field is added or taken away.
 */
@Group("weft.dev")
@Version("v1alpha1")
@Kind("ClusterNetwork")
@Singular("clusternetwork")
@Plural("clusternetworks")
@ShortNames("cn")
@Categories("networking")
@ValidationRule(
        value = "self.metadata.name == 'default'",
        message = "a cluster has one ClusterNetwork: set metadata.name to 'default'")
@ValidationRule(
        value = "!(has(oldSelf.spec) && has(oldSelf.spec.podNetwork) && has(oldSelf.spec.podNetwork.cidrs)) ||"
                + " (has(self.spec) && has(self.spec.podNetwork) && has(self.spec.podNetwork.cidrs) &&"
                + " self.spec.podNetwork.cidrs == oldSelf.spec.podNetwork.cidrs)",
        message = "podNetwork.cidrs cannot change: pods and nodes keep their addresses for life. To renumber, delete"
                + " the ClusterNetwork, give the nodes other podCIDRs and create it again; pods must be recreated")
@ValidationRule(
        value = "(oldSelf.?spec.podNetwork.routing.orValue('VXLAN') == 'Direct') =="
                + " (self.?spec.podNetwork.routing.orValue('VXLAN') == 'Direct')",
        message = "podNetwork.routing cannot change while it runs: during the change nodes of the one kind would not"
                + " reach nodes of the other. Delete the ClusterNetwork and create it again with the new routing;"
                + " traffic between nodes stops meanwhile")
@ValidationRule(
        value = "oldSelf.?spec.podNetwork.vxlan.vni.orValue(1) == self.?spec.podNetwork.vxlan.vni.orValue(1) &&"
                + " oldSelf.?spec.podNetwork.vxlan.port.orValue(8472) =="
                + " self.?spec.podNetwork.vxlan.port.orValue(8472)",
        message =
                "podNetwork.vxlan.vni and port cannot change while it runs: during the change nodes with the old value"
                        + " would not reach nodes with the new one. Delete the ClusterNetwork and create it again; traffic"
                        + " between nodes stops meanwhile")
@ValidationRule(
        value = "!(has(oldSelf.spec) && has(oldSelf.spec.dns) && has(oldSelf.spec.dns.clusterIP)) ||"
                + " (has(oldSelf.spec.dns.managementState) && oldSelf.spec.dns.managementState == 'Removed') ||"
                + " (has(self.spec) && has(self.spec.dns) && has(self.spec.dns.clusterIP) &&"
                + " self.spec.dns.clusterIP == oldSelf.spec.dns.clusterIP)",
        message = "dns.clusterIP cannot change while it runs: pods keep the address that they were started with. Set"
                + " dns.managementState to Removed first, then change the address here and at the kubelets")
@AdditionalPrinterColumn(name = "Version", jsonPath = ".status.version")
@AdditionalPrinterColumn(name = "Ready", jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(name = "Rollout", jsonPath = ".status.rollout.summary")
@AdditionalPrinterColumn(name = "Connectivity", jsonPath = ".status.connectivity.summary")
@AdditionalPrinterColumn(name = "Message", jsonPath = ".status.conditions[?(@.type==\"Ready\")].message")
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public final class ClusterNetwork extends CustomResource<ClusterNetworkSpec, ClusterNetworkStatus> {
    private static final long serialVersionUID = 1L;

    /** The only name that admission accepts. */
    public static final String NAME = "default";

    /** Nothing, so that a patch made from a new object never takes part in the spec. */
    @Override
    @SuppressWarnings("NullAway") // what a patch leaves out is null
    protected ClusterNetworkSpec initSpec() {
        return null;
    }

    /** Nothing, likewise. */
    @Override
    @SuppressWarnings("NullAway") // what a patch leaves out is null
    protected ClusterNetworkStatus initStatus() {
        return null;
    }

    /** The spec, empty when there is none. Not named like a getter: it is no field of the schema. */
    public ClusterNetworkSpec spec() {
        return Objects.requireNonNullElse(getSpec(), ClusterNetworkSpec.EMPTY);
    }

    /** The status, empty when there is none. */
    public ClusterNetworkStatus status() {
        return Objects.requireNonNullElse(getStatus(), ClusterNetworkStatus.EMPTY);
    }
}
