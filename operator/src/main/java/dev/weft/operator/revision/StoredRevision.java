package dev.weft.operator.revision;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A revision as the cluster keeps it: as the data of its ConfigMap, and in annotations of its DaemonSet. */
public final class StoredRevision {
    private static final String PREFIX = "weft.dev/revision-";

    private StoredRevision() {}

    public static Map<String, String> annotations(Revision revision) {
        Map<String, String> annotations = new TreeMap<>();
        revision.data().forEach((key, value) -> annotations.put(PREFIX + key, value));
        return annotations;
    }

    /** The revision that the object keeps, if it is whole. */
    public static Optional<Revision> read(ConfigMap object) {
        return read(object, Optional.ofNullable(object.getData()).orElse(Map.of()));
    }

    /** The revision that the object keeps, if it is whole. */
    public static Optional<Revision> read(DaemonSet object) {
        Map<String, String> data = new TreeMap<>();
        Optional.ofNullable(object.getMetadata().getAnnotations())
                .orElse(Map.of())
                .forEach((key, value) -> {
                    if (key.startsWith(PREFIX)) {
                        data.put(key.substring(PREFIX.length()), value);
                    }
                });
        return read(object, data);
    }

    private static Optional<Revision> read(HasMetadata object, Map<String, String> data) {
        return Optional.ofNullable(object.getMetadata().getLabels())
                .map(labels -> labels.get(Names.REVISION))
                .flatMap(name -> Revision.read(name, data));
    }
}
