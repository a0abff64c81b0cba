package dev.weft.api;

import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/** The CRD as the code says it is. */
final class GeneratedCrd {
    /** The committed file, as the module's tests see it. */
    static final Path COMMITTED = Path.of("src/main/resources/META-INF/weft/clusternetworks.weft.dev.yaml");

    private static final List<String> COLUMNS =
            List.of("Version", "Ready", "Rollout", "Connectivity", "Message", "Age");

    private GeneratedCrd() {}

    static String yaml() {
        return Serialization.asYaml(generate());
    }

    static CustomResourceDefinition generate() {
        Output output = new Output();
        new CRDGenerator()
                .customResourceClasses(ClusterNetwork.class)
                .withOutput(output)
                .generate();
        CustomResourceDefinition crd =
                Serialization.unmarshal(output.bytes.toString(StandardCharsets.UTF_8), CustomResourceDefinition.class);
        JSONSchemaProps root =
                crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
        root.setDescription(
                "ClusterNetwork is the networking of a cluster. There is one, named default; an empty spec works.");
        JSONSchemaProps spec = field(root, "spec");
        spec.setDescription("What you want; everything is optional.");
        nullable(spec);
        JSONSchemaProps status = field(root, "status");
        status.setDescription("What the operator sees.");
        // The generator sorts the columns; people read them in this order.
        crd.getSpec()
                .getVersions()
                .getFirst()
                .getAdditionalPrinterColumns()
                .sort(Comparator.comparingInt(column -> COLUMNS.indexOf(column.getName())));
        // A record hands an annotation to its field and to its accessor, and the generator counts both.
        dropRepeatedRules(root);
        // Lists with keys, so that kubectl wait and other writers address entries by name.
        keyed(field(status, "conditions"), "type");
        keyed(field(status, "components"), "name");
        return crd;
    }

    static JSONSchemaProps field(JSONSchemaProps object, String name) {
        return Objects.requireNonNull(object.getProperties().get(name), name);
    }

    private static void dropRepeatedRules(JSONSchemaProps schema) {
        schema.setXKubernetesValidations(
                schema.getXKubernetesValidations().stream().distinct().toList());
        if (schema.getProperties() != null) {
            schema.getProperties().values().forEach(GeneratedCrd::dropRepeatedRules);
        }
        if (schema.getItems() != null) {
            dropRepeatedRules(schema.getItems().getSchema());
        }
    }

    /** The object and all below it: server-side apply writes null where the last field of an object is given up. */
    private static void nullable(JSONSchemaProps schema) {
        if (schema.getProperties() != null && !schema.getProperties().isEmpty()) {
            schema.setNullable(true);
            schema.getProperties().values().forEach(GeneratedCrd::nullable);
        }
    }

    private static void keyed(JSONSchemaProps list, String key) {
        list.setXKubernetesListType("map");
        list.setXKubernetesListMapKeys(List.of(key));
    }

    private static final class Output implements CRDGenerator.CRDOutput<OutputStream> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public OutputStream outputFor(String crdName) {
            return bytes;
        }

        @Override
        public URI crdURI(String crdName) {
            return Path.of(crdName).toUri();
        }

        @Override
        public void close() {
            try {
                bytes.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
