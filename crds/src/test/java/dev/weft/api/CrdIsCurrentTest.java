package dev.weft.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The committed YAML is what the records say; {@code -Dcrd.write} writes it anew. */
class CrdIsCurrentTest {
    /** {@code kubectl apply} keeps the whole object in an annotation of at most 256 kB. */
    private static final int MAX_BYTES = 200_000;

    @Test
    void committedYamlIsWhatTheCodeSays() throws IOException {
        String generated = GeneratedCrd.yaml();
        if (System.getProperty("crd.write") != null) {
            Files.createDirectories(GeneratedCrd.COMMITTED.getParent());
            Files.writeString(GeneratedCrd.COMMITTED, generated);
        }
        String committed = Files.exists(GeneratedCrd.COMMITTED) ? Files.readString(GeneratedCrd.COMMITTED) : "";
        assertThat(committed)
                .withFailMessage(
                        "%s is not what the records of dev.weft.api say. Write it anew with: mvn -pl crds test"
                                + " -Dtest=CrdIsCurrentTest -Dcrd.write",
                        GeneratedCrd.COMMITTED)
                .isEqualTo(generated);
    }

    @Test
    void fitsIntoAnAnnotation() {
        assertThat(GeneratedCrd.yaml().length()).isLessThan(MAX_BYTES);
    }

    @Test
    void everyFieldIsDocumented() {
        JSONSchemaProps root = GeneratedCrd.generate()
                .getSpec()
                .getVersions()
                .getFirst()
                .getSchema()
                .getOpenAPIV3Schema();
        List<String> undocumented = new ArrayList<>();
        collectUndocumented("spec", GeneratedCrd.field(root, "spec"), undocumented);
        collectUndocumented("status", GeneratedCrd.field(root, "status"), undocumented);
        assertThat(undocumented).isEmpty();
    }

    private static void collectUndocumented(String path, JSONSchemaProps schema, List<String> undocumented) {
        if (schema.getDescription() == null || schema.getDescription().isBlank()) {
            undocumented.add(path);
        }
        JSONSchemaProps object =
                schema.getItems() == null ? schema : schema.getItems().getSchema();
        Map<String, JSONSchemaProps> fields = object.getProperties();
        if (fields != null) {
            fields.forEach((name, field) -> collectUndocumented(path + "." + name, field, undocumented));
        }
    }
}
