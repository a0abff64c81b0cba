package dev.weft.dns.cluster;

import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.ObjectMeta;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;

/** Reads an EndpointSlice (discovery.k8s.io/v1). */
final class EndpointSliceDraft implements Decoder.Draft<EndpointSlice> {
    private static final String SERVICE = "kubernetes.io/service-name";

    private final List<EndpointSlice.Endpoint> endpoints = new ArrayList<>();
    private final List<Service.Port> ports = new ArrayList<>(2);

    @Override
    public void field(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "endpoints" -> in.array(this::endpoint);
            case "ports" -> in.array(item -> Texts.port(item, ports));
            default -> {}
        }
    }

    private void endpoint(JsonInput in) throws KubeException {
        List<Ip> addresses = new ArrayList<>(1);
        String[] hostname = {""};
        boolean[] ready = {true};
        in.object((name, value) -> {
            switch (name) {
                case "addresses" -> value.array(item -> Texts.ip(item.string()).ifPresent(addresses::add));
                case "hostname" -> hostname[0] = value.string();
                case "conditions" ->
                    value.object((condition, state) -> {
                        if (condition.equals("ready")) {
                            ready[0] = !state.isFalse(); // null is unknown, which counts as ready
                        }
                    });
                default -> {}
            }
        });
        if (!addresses.isEmpty()) {
            endpoints.add(new EndpointSlice.Endpoint(addresses, hostname[0], ready[0]));
        }
    }

    @Override
    public EndpointSlice finish(ObjectMeta meta) {
        String service = meta.labels().getOrDefault(SERVICE, "");
        // A slice of no Service belongs to none: no Service has the slice's own name with a slash in it.
        ObjectKey owner = new ObjectKey(meta.namespace(), service.isEmpty() ? "/" + meta.name() : service);
        return new EndpointSlice(
                meta.key(),
                owner,
                endpoints,
                Texts.orNone(ports),
                meta.changeTrigger().toEpochMilli());
    }
}
