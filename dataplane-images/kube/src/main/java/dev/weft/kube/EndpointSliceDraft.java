package dev.weft.kube;

import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads an EndpointSlice (discovery.k8s.io/v1). */
final class EndpointSliceDraft implements Decoder.Draft<EndpointSlice> {
    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private final List<EndpointSlice.Port> ports = new ArrayList<>(4);
    private final List<EndpointSlice.Endpoint> endpoints = new ArrayList<>();

    @Override
    public void field(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "ports" -> in.array(this::port);
            case "endpoints" -> in.array(this::endpoint);
            default -> {}
        }
    }

    private void port(JsonInput in) throws KubeException {
        String[] nameAndProtocol = {"", ""};
        int[] number = {0};
        in.object((field, value) -> {
            switch (field) {
                case "name" -> nameAndProtocol[0] = value.string();
                case "protocol" -> nameAndProtocol[1] = value.string();
                case "port" -> number[0] = value.integer();
                default -> {}
            }
        });
        if (Values.isPort(number[0])) {
            ports.add(new EndpointSlice.Port(
                    nameAndProtocol[0].intern(), Values.protocol(nameAndProtocol[1]), number[0]));
        }
    }

    private void endpoint(JsonInput in) throws KubeException {
        Fields fields = new Fields();
        in.object(fields::field);
        // Of address type FQDN there is no address here; nobody serves those.
        fields.address.ifPresent(address -> endpoints.add(new EndpointSlice.Endpoint(
                address,
                fields.node.intern(),
                fields.ready.orElse(true),
                // Absent means what ready says, as the API's comments have it.
                fields.serving.or(() -> fields.ready).orElse(true),
                fields.terminating.orElse(false),
                fields.zones.isEmpty() && fields.nodes.isEmpty()
                        ? EndpointSlice.Hints.NONE
                        : new EndpointSlice.Hints(fields.zones, fields.nodes))));
    }

    @Override
    public EndpointSlice finish(ObjectMeta meta) {
        return new EndpointSlice(
                meta.labels().getOrDefault(SERVICE_NAME, "").intern(),
                ports,
                endpoints,
                meta.changeTrigger().toEpochMilli());
    }

    private static final class Fields {
        private Optional<Ip> address = Optional.empty();
        private String node = "";
        private Optional<Boolean> ready = Optional.empty();
        private Optional<Boolean> serving = Optional.empty();
        private Optional<Boolean> terminating = Optional.empty();
        private final Set<String> zones = new HashSet<>(2);
        private final Set<String> nodes = new HashSet<>(2);

        void field(String field, JsonInput in) throws KubeException {
            switch (field) {
                case "addresses" ->
                    in.array(item -> {
                        if (address.isEmpty()) {
                            address = Values.ip(item.string());
                        }
                    });
                case "nodeName" -> node = in.string();
                case "conditions" -> in.object(this::condition);
                case "hints" ->
                    in.object((kind, hints) -> {
                        switch (kind) {
                            case "forZones" -> names(hints, zones);
                            case "forNodes" -> names(hints, nodes);
                            default -> {}
                        }
                    });
                default -> {}
            }
        }

        private void condition(String name, JsonInput in) throws KubeException {
            switch (name) {
                case "ready" -> ready = in.bool();
                case "serving" -> serving = in.bool();
                case "terminating" -> terminating = in.bool();
                default -> {}
            }
        }

        private static void names(JsonInput in, Set<String> to) throws KubeException {
            in.array(item -> item.object((field, value) -> {
                if (field.equals("name")) {
                    to.add(value.string().intern());
                }
            }));
        }
    }
}
