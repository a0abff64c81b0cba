package dev.weft.operator.plan;

import dev.weft.api.ClusterNetwork;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.List;

/**
 * Makes cluster-scoped objects go with the ClusterNetwork when the operator is not there to remove them, because its
 * namespace was deleted first. Those of the namespace go with that.
 */
final class Owned {
    private Owned() {}

    /** @param uid of the ClusterNetwork */
    static HasMetadata by(String uid, HasMetadata object) {
        if (object.getMetadata().getNamespace() == null) {
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
}
