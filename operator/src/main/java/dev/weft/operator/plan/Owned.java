package dev.weft.operator.plan;

import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;
import java.util.Map;

/**
 * Makes objects outside the operator's namespace go with it when the operator is not there to remove them, because its
 * namespace was deleted first. Not with the ClusterNetwork: deleted with {@code --cascade=foreground}, as GitOps tools do,
 * it would lose them at once, servers before the Service is handed back and rights before the nodes are clean. A Service
 * that was taken over is somebody else's.
 */
final class Owned {
    private Owned() {}

    /** @param namespaceUid of the operator's namespace */
    static HasMetadata by(String namespaceUid, HasMetadata object) {
        if (!Names.NAMESPACE.equals(object.getMetadata().getNamespace()) && !isTaken(object)) {
            object.getMetadata()
                    .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                            .withApiVersion("v1")
                            .withKind("Namespace")
                            .withName(Names.NAMESPACE)
                            .withUid(namespaceUid)
                            .build()));
        }
        return object;
    }

    private static boolean isTaken(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels != null && labels.containsKey(Names.DNS_TAKEN);
    }
}
