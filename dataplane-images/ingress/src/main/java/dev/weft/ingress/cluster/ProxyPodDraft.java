package dev.weft.ingress.cluster;

import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectMeta;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;

/** Reads a Pod (core/v1). */
final class ProxyPodDraft implements Decoder.Draft<ProxyPod> {
    private final List<Ip> node = new ArrayList<>(2);
    private boolean ready;

    @Override
    public void field(String name, JsonInput in) throws KubeException {
        if (name.equals("status")) {
            in.object(this::status);
        }
    }

    private void status(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "hostIPs" ->
                in.array(item -> item.object((field, value) -> {
                    if (field.equals("ip")) {
                        Texts.ip(value.string()).ifPresent(node::add);
                    }
                }));
            case "conditions" -> in.array(this::condition);
            default -> {}
        }
    }

    private void condition(JsonInput in) throws KubeException {
        String[] typeAndStatus = {"", ""};
        in.object((name, value) -> {
            switch (name) {
                case "type" -> typeAndStatus[0] = value.string();
                case "status" -> typeAndStatus[1] = value.string();
                default -> {}
            }
        });
        if (typeAndStatus[0].equals("Ready")) {
            ready = typeAndStatus[1].equals("True");
        }
    }

    @Override
    public ProxyPod finish(ObjectMeta meta) {
        return new ProxyPod(node, ready && !meta.deleting());
    }
}
