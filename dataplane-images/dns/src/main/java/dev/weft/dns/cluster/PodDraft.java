package dev.weft.dns.cluster;

import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectMeta;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;

/** Reads a Pod (core/v1); one that has ended has no addresses any more. */
final class PodDraft implements Decoder.Draft<PodAddresses> {
    private final List<Ip> ips = new ArrayList<>(2);
    private String phase = "";

    @Override
    public void field(String name, JsonInput in) throws KubeException {
        if (name.equals("status")) {
            in.object(this::status);
        }
    }

    private void status(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "phase" -> phase = in.string();
            case "podIPs" ->
                in.array(item -> item.object((field, value) -> {
                    if (field.equals("ip")) {
                        Texts.ip(value.string()).ifPresent(ips::add);
                    }
                }));
            default -> {}
        }
    }

    @Override
    public PodAddresses finish(ObjectMeta meta) {
        boolean ended = phase.equals("Succeeded") || phase.equals("Failed");
        return new PodAddresses(meta.key(), ended ? List.of() : ips);
    }
}
