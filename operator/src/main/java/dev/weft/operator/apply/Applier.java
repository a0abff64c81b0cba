package dev.weft.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Makes objects be as wanted, by server-side apply, and writes nothing when they are: it remembers what the API server
 * answered to the last apply, and as long as the object still looks like that and the same is wanted there is nothing to
 * do. After a restart the memory is empty and each object is applied once.
 */
public final class Applier {
    /** Of metadata: what the server keeps for itself. */
    private static final List<String> SERVERS_OWN =
            List.of("resourceVersion", "managedFields", "generation", "uid", "creationTimestamp", "selfLink");

    private static final int UNPROCESSABLE = 422;

    /** Kinds with fields that cannot change and that nothing runs on. */
    private static final Set<String> REPLACEABLE = Set.of("ConfigMap", "ClusterRoleBinding");

    private final KubernetesClient client;
    private final Consumer<Repair> repairs;
    private final Map<String, Applied> memory = new ConcurrentHashMap<>();

    /**
     * Something that another changed and the operator put back.
     *
     * @param object kind and name, for people
     * @param deleted whether it was gone, as opposed to different
     */
    public record Repair(String object, boolean deleted) {}

    private record Applied(JsonNode wanted, JsonNode answer) {}

    /** @param repairs is told of every object that was put back */
    public Applier(KubernetesClient client, Consumer<Repair> repairs) {
        this.client = client;
        this.repairs = repairs;
    }

    /**
     * @param wanted what should be
     * @param cached what an informer last saw, if it saw any; it may lag
     * @return whether something was written
     */
    public boolean apply(HasMetadata wanted, Optional<HasMetadata> cached) {
        ObjectNode json = json(wanted);
        Optional<Applied> last = Optional.ofNullable(memory.get(id(wanted)));
        Optional<JsonNode> lastAnswer =
                last.filter(a -> a.wanted().equals(json)).map(Applied::answer);
        if (lastAnswer.isPresent() && lastAnswer.equals(cached.map(this::lasting))) {
            return false;
        }
        // The informer may be behind our own write: what the server says counts.
        Optional<HasMetadata> live = Optional.ofNullable(client.resource(wanted).get());
        if (lastAnswer.isPresent() && lastAnswer.equals(live.map(this::lasting))) {
            return false;
        }
        HasMetadata answer = write(wanted, live);
        JsonNode now = lasting(answer);
        memory.put(id(wanted), new Applied(json, now));
        boolean changed = live.isEmpty() || !lasting(live.get()).equals(now);
        // One that is gone was deleted by others, even if it comes back different: what is wanted may rest on what ran.
        if ((lastAnswer.isPresent() && changed) || (last.isPresent() && live.isEmpty())) {
            repairs.accept(new Repair(id(wanted), live.isEmpty()));
        }
        return changed;
    }

    private HasMetadata write(HasMetadata wanted, Optional<HasMetadata> live) {
        try {
            return serverSideApply(wanted);
        } catch (KubernetesClientException e) {
            // Someone put another object of this name in its place, and what differs cannot be changed.
            if (e.getCode() == UNPROCESSABLE && live.isPresent() && REPLACEABLE.contains(wanted.getKind())) {
                client.resource(wanted).delete();
                return serverSideApply(wanted);
            }
            throw e;
        }
    }

    private HasMetadata serverSideApply(HasMetadata wanted) {
        return client.resource(wanted)
                .fieldManager(Names.FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply();
    }

    /** Deletes an object that should not be; its dependents go in the background. */
    public void delete(HasMetadata object) {
        memory.remove(id(object));
        client.resource(object).delete();
    }

    /** Kind and name, for people. */
    public static String id(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }

    private JsonNode lasting(HasMetadata object) {
        ObjectNode json = json(object);
        json.remove("status");
        if (json.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove(SERVERS_OWN);
        }
        return json;
    }

    private ObjectNode json(HasMetadata object) {
        return client.getKubernetesSerialization().convertValue(object, ObjectNode.class);
    }
}
