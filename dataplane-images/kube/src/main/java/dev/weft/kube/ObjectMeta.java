package dev.weft.kube;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;

/**
 * The parts of an object's {@code metadata} that matter to node agents.
 *
 * @param namespace empty for kinds that have none
 * @param name empty in bookmarks
 * @param uid changes when an object is deleted and created again under its name
 * @param resourceVersion opaque, except that a watch goes on from it
 * @param annotations without kubectl's {@code last-applied-configuration}, which repeats the object
 * @param generation grows with each change of the spec; 0 for kinds that do not count
 * @param created {@code creationTimestamp}; the epoch where the server gave none that can be read
 * @param changeTrigger annotation {@code endpoints.kubernetes.io/last-change-trigger-time}, the epoch where there is none
 * @param staticUid of a mirror Pod, the uid that the kubelet knows the static pod by (annotation
 *     {@code kubernetes.io/config.hash}); empty for all else
 * @param deleting whether a deletion waits for finalizers
 */
public record ObjectMeta(
        String namespace,
        String name,
        String uid,
        String resourceVersion,
        Map<String, String> labels,
        Map<String, String> annotations,
        long generation,
        Instant created,
        Instant changeTrigger,
        String staticUid,
        boolean deleting) {

    private static final String CHANGE_TRIGGER = "endpoints.kubernetes.io/last-change-trigger-time";
    private static final String STATIC_UID = "kubernetes.io/config.hash";
    private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

    static final ObjectMeta NONE =
            new ObjectMeta("", "", "", "", Map.of(), Map.of(), 0, Instant.EPOCH, Instant.EPOCH, "", false);

    public ObjectMeta {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    public ObjectKey key() {
        return new ObjectKey(namespace, name);
    }

    static ObjectMeta read(JsonInput in) throws KubeException {
        Fields fields = new Fields();
        in.object(fields::field);
        return new ObjectMeta(
                fields.namespace,
                fields.name,
                fields.uid,
                fields.resourceVersion,
                fields.labels,
                fields.annotations,
                fields.generation,
                fields.created,
                fields.changeTrigger,
                fields.staticUid,
                fields.deleting);
    }

    /** A string map such as labels. */
    static Map<String, String> strings(JsonInput in) throws KubeException {
        Map<String, String> map = new HashMap<>();
        in.object((name, value) -> map.put(name, value.string()));
        return map;
    }

    private static final class Fields {
        private String namespace = "";
        private String name = "";
        private String uid = "";
        private String resourceVersion = "";
        private Map<String, String> labels = Map.of();
        private final Map<String, String> annotations = new HashMap<>(0);
        private long generation;
        private Instant created = Instant.EPOCH;
        private Instant changeTrigger = Instant.EPOCH;
        private String staticUid = "";
        private boolean deleting;

        void field(String field, JsonInput in) throws KubeException {
            switch (field) {
                case "namespace" -> namespace = in.string().intern(); // many objects share few
                case "name" -> name = in.string();
                case "uid" -> uid = in.string();
                case "resourceVersion" -> resourceVersion = in.string();
                case "labels" -> labels = strings(in);
                case "creationTimestamp" -> created = instant(in.string());
                case "annotations" -> in.object(this::annotation);
                case "generation" -> generation = in.integer();
                case "deletionTimestamp" -> deleting = !in.string().isEmpty();
                default -> {}
            }
        }

        private void annotation(String annotation, JsonInput in) throws KubeException {
            if (annotation.equals(LAST_APPLIED)) {
                return;
            }
            String value = in.string();
            annotations.put(annotation, value);
            switch (annotation) {
                case CHANGE_TRIGGER -> changeTrigger = instant(value);
                case STATIC_UID -> staticUid = value;
                default -> {}
            }
        }

        private static Instant instant(String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException e) {
                return Instant.EPOCH;
            }
        }
    }
}
