package dev.weft.ingress.cluster;

import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectMeta;

/** Reads an IngressClass (networking.k8s.io/v1). */
final class IngressClassDraft implements Decoder.Draft<IngressClass> {
    private static final String DEFAULT = "ingressclass.kubernetes.io/is-default-class";

    private String controller = "";

    @Override
    public void field(String name, JsonInput in) throws KubeException {
        if (name.equals("spec")) {
            in.object((field, value) -> {
                if (field.equals("controller")) {
                    controller = value.string();
                }
            });
        }
    }

    @Override
    public IngressClass finish(ObjectMeta meta) {
        boolean isDefault = meta.annotations().getOrDefault(DEFAULT, "").equals("true");
        return new IngressClass(meta.name(), meta.uid(), controller, isDefault);
    }
}
