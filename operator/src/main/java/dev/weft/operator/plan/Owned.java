package dev.weft.operator.plan;

import dev.weft.api.ClusterNetwork;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;
import java.util.Map;

/**
 * Makes objects go with the ClusterNetwork when the operator is not there to remove them, because its namespace was deleted
 * first. Those of the namespace go with that, and a Service that was taken over is somebody else's.
 */
final class Owned {
    private Owned() {}

    /** @param uid of the ClusterNetwork */
    static HasMetadata by(String uid, HasMetadata object) {
        if (!Names.NAMESPACE.equals(object.getMetadata().getNamespace()) && !isTaken(object)) {
            object.getMetadata()
                    .setOwnerReferences(List.of(new OwnerReferenceBuilder()
                            .withApiVersion(HasMetadata.getApiVersion(ClusterNetwork.class))
                            .withKind(HasMetadata.getKind(ClusterNetwork.class))
                            .withName(ClusterNetwork.NAME)
                            .withUid(uid)
                            .build()));
        }
        return object;
    }

    private static boolean isTaken(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels != null && labels.containsKey(Names.DNS_TAKEN);
    }
}
