package dev.weft.kube;

import dev.weft.agent.Log;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps a {@link Store} equal to the objects of a kind that a CustomResourceDefinition makes, while there is one: it may
 * come and go. Its store is synced once it is known that there is no such kind, or what objects it has.
 *
 * <p>An answer of 404 says neither: while a definition is there, the store keeps what it has.
 */
public final class CustomWatcher<T> implements AutoCloseable {
    private static final Log LOG = Log.of("kube");

    private final KubeClient client;
    private final KindSpec<T> kind;
    private final String version;
    private final Watcher<CustomKind> definition;
    private final Store<T> store = new Store<>();
    private Optional<Watcher<T>> running = Optional.empty();
    private boolean closed;

    /**
     * @param definition name of the CustomResourceDefinition
     * @param version of the kind's API, such as {@code v1alpha2}: one that is not served is not there
     */
    public CustomWatcher(KubeClient client, String definition, String version, KindSpec<T> kind) {
        this.client = client;
        this.kind = kind;
        this.version = version;
        this.definition = new Watcher<>(client, KindSpec.customKind(definition));
    }

    public Store<T> store() {
        return store;
    }

    /** Name of the kind. */
    public String kind() {
        return kind.name();
    }

    /** How the watch of the objects is doing, or that of their definition while there is none. */
    public synchronized WatchStatus status() {
        return running.map(Watcher::status).orElse(definition.status());
    }

    /** Starts the watch; once. */
    public void start() {
        definition.store().onChange(change -> follow());
        definition.store().onSynced(this::follow);
        definition.start();
    }

    /** On the thread of the definition's watch, which may wait for the other. */
    private synchronized void follow() {
        if (closed) {
            return;
        }
        Optional<CustomKind> found =
                definition.store().snapshot().values().stream().findFirst();
        boolean there = found.filter(known -> known.served().contains(version)).isPresent();
        if (there && running.isEmpty()) {
            LOG.info("the kind is there", "kind", kind.name(), "version", version);
            running = Optional.of(new Watcher<>(client, kind, store));
            running.get().start();
        } else if (!there) {
            if (found.filter(known -> !known.served().isEmpty()).isPresent()) {
                LOG.warn("the kind is not there in this version", "kind", kind.name(), "version", version);
            } else if (running.isPresent()) {
                LOG.info("the kind is gone", "kind", kind.name());
            }
            running.ifPresent(Watcher::close);
            running = Optional.empty();
            store.replaceAll(Map.of());
        }
    }

    /** Ends the watch; the store keeps what it has. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        definition.close();
        synchronized (this) {
            running.ifPresent(Watcher::close);
        }
    }
}
