package dev.weft.kube;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads a Node (core/v1). */
final class NodeDraft implements Decoder.Draft<Node> {
    private final List<Cidr> podCidrs = new ArrayList<>(2);
    private final List<Ip> internalIps = new ArrayList<>(2);
    private final List<Ip> addresses = new ArrayList<>(2);
    private final Set<String> taints = new HashSet<>(2);
    private String podCidr = "";
    private boolean ready;

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
            case "podCIDR" -> podCidr = in.string();
            case "taints" ->
                in.array(item -> item.object((field, value) -> {
                    if (field.equals("key")) {
                        taints.add(value.string());
                    }
                }));
            case "podCIDRs" -> in.array(item -> Values.cidr(item.string()).ifPresent(podCidrs::add));
            default -> {}
        }
    }

    private void status(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "addresses" -> in.array(this::address);
            case "conditions" -> in.array(this::condition);
            default -> {}
        }
    }

    private void address(JsonInput in) throws KubeException {
        String[] typeAndAddress = {"", ""};
        in.object((name, value) -> {
            switch (name) {
                case "type" -> typeAndAddress[0] = value.string();
                case "address" -> typeAndAddress[1] = value.string();
                default -> {}
            }
        });
        // A host name may be an address as well.
        Values.ip(typeAndAddress[1]).ifPresent(ip -> {
            addresses.add(ip);
            if (typeAndAddress[0].equals("InternalIP")) {
                internalIps.add(ip);
            }
        });
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
    public Node finish(ObjectMeta meta) {
        if (podCidrs.isEmpty()) {
            Values.cidr(podCidr).ifPresent(podCidrs::add);
        }
        return new Node(
                meta.name(),
                meta.uid(),
                meta.labels(),
                meta.created(),
                podCidrs,
                internalIps,
                addresses,
                taints,
                ready,
                meta.deleting());
    }
}
