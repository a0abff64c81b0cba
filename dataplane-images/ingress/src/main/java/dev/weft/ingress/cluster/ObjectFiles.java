package dev.weft.ingress.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.ObjectStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Objects from YAML or JSON as people write it or kubectl prints it: several documents, and Lists. Objects without a
 * namespace are in {@code default}.
 */
public final class ObjectFiles {
    private static final ObjectReader YAML = new YAMLMapper().reader();

    private final Map<String, Kind<?>> kinds;
    private final Map<String, Decoder<?>> decoders;
    private final Map<Kind<?>, Map<ObjectKey, Object>> found = new HashMap<>();

    /** @param kinds that are read; others are passed over */
    public ObjectFiles(List<Kind<?>> kinds) {
        this.kinds = kinds.stream().collect(Collectors.toMap(Kind::name, Function.identity()));
        this.decoders = kinds.stream()
                .collect(Collectors.toMap(Kind::name, kind -> kind.spec().decoder()));
    }

    /** What the texts given say together; of two objects of one name the later. */
    public static Cluster cluster(List<Kind<?>> kinds, String... texts) throws IOException, KubeException {
        ObjectFiles files = new ObjectFiles(kinds);
        for (String text : texts) {
            files.read(text);
        }
        return files.cluster();
    }

    /**
     * Reads the files of a folder whose names end in yaml, yml or json, in the order of their names; or one file.
     *
     * @throws IOException if one cannot be read or is no YAML; the message names it
     */
    public void readAll(Path folder) throws IOException {
        for (Path file : files(folder)) {
            try {
                read(Files.readString(file));
            } catch (KubeException | IOException e) {
                throw new IOException(file + ": " + e.getMessage(), e);
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of(folder);
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().matches(".*[.](ya?ml|json)"))
                    .sorted()
                    .toList();
        }
    }

    /** Reads a text. */
    public void read(String text) throws IOException, KubeException {
        ObjectStream objects = new ObjectStream(decoders, this::take);
        try (MappingIterator<JsonNode> documents = YAML.forType(JsonNode.class).readValues(text)) {
            while (documents.hasNextValue()) {
                for (JsonNode object : flat(documents.nextValue())) {
                    byte[] json = object.toString().getBytes(StandardCharsets.UTF_8);
                    try (JsonInput in = new JsonInput(new ByteArrayInputStream(json))) {
                        objects.read(in);
                    }
                }
            }
        }
    }

    private List<JsonNode> flat(JsonNode document) {
        List<JsonNode> all = new ArrayList<>();
        if (document.path("kind").asText().endsWith("List")
                && document.path("items").isArray()) {
            document.path("items").forEach(item -> all.addAll(flat(item)));
        } else if (document.path("metadata") instanceof ObjectNode metadata) {
            Kind<?> kind = kinds.get(document.path("kind").asText());
            if (kind != null
                    && kind.namespaced()
                    && metadata.path("namespace").asText().isEmpty()) {
                metadata.put("namespace", "default");
            }
            ObjectNode kindFirst = JsonNodeFactory.instance.objectNode();
            kindFirst.set("kind", document.path("kind"));
            document.properties().forEach(field -> kindFirst.set(field.getKey(), field.getValue()));
            all.add(kindFirst);
        }
        return all;
    }

    private void take(String kind, ObjectKey key, Object value) {
        Kind<?> of = kinds.get(kind);
        if (of != null) {
            found.computeIfAbsent(of, name -> new HashMap<>()).put(key, value);
        }
    }

    /** All that was read so far. */
    public Cluster cluster() {
        Cluster cluster = Cluster.EMPTY;
        for (Map.Entry<Kind<?>, Map<ObjectKey, Object>> entry : found.entrySet()) {
            cluster = with(cluster, entry.getKey(), entry.getValue());
        }
        return cluster;
    }

    private static <T> Cluster with(Cluster cluster, Kind<T> kind, Map<ObjectKey, Object> objects) {
        Map<ObjectKey, T> typed = new HashMap<>();
        objects.forEach((key, value) -> typed.put(key, kind.type().cast(value)));
        return cluster.with(kind, typed);
    }
}
