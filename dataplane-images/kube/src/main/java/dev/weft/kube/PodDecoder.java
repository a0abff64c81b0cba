package dev.weft.kube;

import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads Pods (core/v1). The pods of a workload get the same labels and ports as one object. */
final class PodDecoder implements Decoder<Pod> {
    /** Workloads whose pods come by at about the same time. */
    private static final int KEPT = 512;

    private final Map<Map<String, String>, Map<String, String>> labels = new Recent<>();
    private final Map<List<Pod.Port>, List<Pod.Port>> ports = new Recent<>();

    /** The latest keys that were asked for. */
    private static final class Recent<T> extends LinkedHashMap<T, T> {
        private static final long serialVersionUID = 1;

        Recent() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<T, T> eldest) {
            return size() > KEPT;
        }
    }

    @Override
    public Draft<Pod> begin() {
        return new PodDraft();
    }

    private synchronized Map<String, String> shared(Map<String, String> own) {
        if (own.isEmpty()) {
            return Map.of();
        }
        Map<String, String> known = labels.get(own);
        if (known == null) {
            Map<String, String> interned = new HashMap<>();
            own.forEach((name, value) -> interned.put(name.intern(), value.intern()));
            known = Map.copyOf(interned);
            labels.put(known, known);
        }
        return known;
    }

    private synchronized List<Pod.Port> shared(List<Pod.Port> own) {
        if (own.isEmpty()) {
            return List.of();
        }
        List<Pod.Port> known = ports.get(own);
        if (known == null) {
            known = List.copyOf(own);
            ports.put(known, known);
        }
        return known;
    }

    private final class PodDraft implements Draft<Pod> {
        private final List<Ip> ips = new ArrayList<>(2);
        private final List<Pod.Port> named = new ArrayList<>(2);
        private String node = "";
        private String ip = "";
        private boolean hostNetwork;
        private boolean finished;

        @Override
        public void field(String name, JsonInput in) throws KubeException {
            switch (name) {
                case "spec" -> in.object(this::spec);
                case "status" -> in.object(this::status);
                default -> {}
            }
        }

        private void spec(String name, JsonInput in) throws KubeException {
            switch (name) {
                case "nodeName" -> node = in.string().intern();
                case "hostNetwork" -> hostNetwork = in.isTrue();
                // Of initContainers those that go on beside the others (KEP-753) serve ports; the rest have none open.
                case "containers", "initContainers" ->
                    in.array(container -> container.object((field, value) -> {
                        if (field.equals("ports")) {
                            value.array(this::port);
                        }
                    }));
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
                    case "containerPort" -> number[0] = value.integer();
                    default -> {}
                }
            });
            if (!nameAndProtocol[0].isEmpty() && Values.isPort(number[0])) {
                named.add(new Pod.Port(nameAndProtocol[0].intern(), Values.protocol(nameAndProtocol[1]), number[0]));
            }
        }

        private void status(String name, JsonInput in) throws KubeException {
            switch (name) {
                case "phase" -> {
                    String phase = in.string();
                    finished = phase.equals("Succeeded") || phase.equals("Failed");
                }
                case "podIP" -> ip = in.string();
                case "podIPs" ->
                    in.array(item -> item.object((field, value) -> {
                        if (field.equals("ip")) {
                            Values.ip(value.string()).ifPresent(ips::add);
                        }
                    }));
                default -> {}
            }
        }

        @Override
        public Pod finish(ObjectMeta meta) {
            if (ips.isEmpty()) {
                Values.ip(ip).ifPresent(ips::add);
            }
            return new Pod(
                    new ObjectKey(meta.namespace(), meta.name().isEmpty() ? "?" : meta.name()),
                    meta.staticUid().isEmpty() ? meta.uid() : meta.staticUid(),
                    node,
                    shared(meta.labels()),
                    ips,
                    shared(named),
                    hostNetwork,
                    finished);
        }
    }
}
