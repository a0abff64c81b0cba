package dev.weft.node;

import dev.weft.agent.Log;
import dev.weft.cni.routes.Learned;
import dev.weft.cni.routes.NodeInfo;
import dev.weft.kube.Node;
import dev.weft.kube.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * The nodes as the API server last told them, or, until it has told anything, as the process before this one knew them.
 */
final class NodeView {
    private static final Log LOG = Log.of("node");

    private final Path file;
    private final Supplier<Snapshot<Node>> nodes;
    private volatile NodeCache cache;
    private volatile Learned learned;
    private String written = "";

    NodeView(Path file, Supplier<Snapshot<Node>> nodes) {
        this.file = file;
        this.nodes = nodes;
        this.cache = read(file);
        this.learned = cache.learned();
    }

    private static NodeCache read(Path file) {
        try {
            return NodeCache.parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            LOG.debug("no nodes from before", "file", file);
        } catch (IOException | CacheFormatException e) {
            LOG.warn("nodes from before cannot be read; waiting for the API server", e, "file", file);
        }
        return new NodeCache(List.of(), Learned.NOTHING);
    }

    /** Any thread. */
    Collection<NodeInfo> nodes() {
        Snapshot<Node> snapshot = nodes.get();
        return snapshot.synced()
                ? snapshot.values().stream().map(NodeView::info).toList()
                : cache.nodes();
    }

    private static NodeInfo info(Node node) {
        return new NodeInfo(node.name(), node.created(), node.internalIps(), node.podCidrs());
    }

    /** Any thread. */
    Learned learned() {
        return learned;
    }

    /** Takes what probes found out; true if it is news. */
    boolean learn(Learned now) {
        boolean news = !now.equals(learned);
        learned = now;
        return news;
    }

    /** Keeps what is known for the next process; one thread. */
    void save() {
        NodeCache now = NodeCache.of(nodes(), learned);
        String json = now.json();
        if (json.equals(written)) {
            return;
        }
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path next = file.resolveSibling(file.getFileName() + ".tmp");
            Files.writeString(next, json);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            written = json;
            cache = now;
        } catch (IOException e) {
            // Only a restart while the API server is away would miss it.
            LOG.warn("nodes cannot be cached", e, "file", file);
        }
    }
}
