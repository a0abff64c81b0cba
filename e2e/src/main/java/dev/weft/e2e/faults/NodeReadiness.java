package dev.weft.e2e.faults;

import dev.weft.e2e.lab.Lab;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Watches whether nodes stop being Ready, however shortly. */
final class NodeReadiness implements ResourceEventHandler<Node>, AutoCloseable {
    private final Map<String, String> last = new TreeMap<>();
    private final List<String> losses = new CopyOnWriteArrayList<>();
    private final SharedIndexInformer<Node> informer;

    private NodeReadiness(Lab lab) {
        informer = lab.client().nodes().inform(this);
    }

    static NodeReadiness watch(Lab lab) {
        return new NodeReadiness(lab);
    }

    @Override
    public void onAdd(Node node) {
        look(node);
    }

    @Override
    public void onUpdate(Node before, Node node) {
        look(node);
    }

    @Override
    public void onDelete(Node node, boolean finalStateUnknown) {
        synchronized (last) {
            last.remove(node.getMetadata().getName());
        }
    }

    private void look(Node node) {
        String name = node.getMetadata().getName();
        NodeCondition ready = node.getStatus().getConditions().stream()
                .filter(c -> c.getType().equals("Ready"))
                .findFirst()
                .orElse(null);
        if (ready == null) {
            return;
        }
        synchronized (last) {
            String before = last.put(name, ready.getStatus());
            if ("True".equals(before) && !ready.getStatus().equals("True")) {
                losses.add("%s became Ready=%s: %s".formatted(name, ready.getStatus(), ready.getMessage()));
            }
        }
    }

    /** One sentence each time that a node stopped being Ready. */
    List<String> losses() {
        return List.copyOf(losses);
    }

    @Override
    public void close() {
        informer.close();
    }
}
