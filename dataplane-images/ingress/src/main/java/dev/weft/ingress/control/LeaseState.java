package dev.weft.ingress.control;

import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KindSpec;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectMeta;

/**
 * A Lease (coordination.k8s.io/v1).
 *
 * @param holder empty if nobody has it
 * @param renewed as written by the holder; only compared for being another one, since clocks differ
 */
record LeaseState(String resourceVersion, String holder, int transitions, String renewed) {
    static KindSpec<LeaseState> kind(String namespace, String name) {
        return new KindSpec<>(
                "Lease",
                "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases",
                "",
                "metadata.name=" + name,
                Draft::new);
    }

    private static final class Draft implements Decoder.Draft<LeaseState> {
        private String holder = "";
        private String renewed = "";
        private int transitions;

        @Override
        public void field(String name, JsonInput in) throws KubeException {
            if (name.equals("spec")) {
                in.object((field, value) -> {
                    switch (field) {
                        case "holderIdentity" -> holder = value.string();
                        case "renewTime" -> renewed = value.string();
                        case "leaseTransitions" -> transitions = value.integer();
                        default -> {}
                    }
                });
            }
        }

        @Override
        public LeaseState finish(ObjectMeta meta) {
            return new LeaseState(meta.resourceVersion(), holder, transitions, renewed);
        }
    }
}
