package dev.weft.bundle.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallYamlTest {
    @TempDir
    Path folder;

    private Path crd = Path.of("");

    @BeforeEach
    void crd() throws IOException {
        crd = Files.writeString(folder.resolve("crd.txt"), "---\nkind: CRD\n");
    }

    @Test
    void theCrdFollowsTheNamespaceAndVariablesAreFilled() throws IOException {
        Files.writeString(folder.resolve("20.yaml"), "image: ${registry}/weft-operator:${version}\n");
        Files.writeString(folder.resolve("10.yaml"), "kind: Namespace\n");

        assertThat(new InstallYaml("0.1.0", "weft.dev").from(folder, crd))
                .endsWith("---\nkind: Namespace\n---\nkind: CRD\n---\nimage: weft.dev/weft-operator:0.1.0\n");
    }

    @Test
    void aVariableThatDoesNotExistIsAnError() throws IOException {
        Files.writeString(folder.resolve("10.yaml"), "x: ${tag}\n");

        assertThatThrownBy(() -> new InstallYaml("0.1.0", "weft.dev").from(folder, crd))
                .hasMessageContaining("${tag} is not one of registry, version");
    }

    @Test
    void theRealManifestsAreWhole() throws IOException {
        String text = new InstallYaml("9.8.7", "registry.example/weft")
                .from(
                        Path.of("src/main/manifests"),
                        Path.of("../crds/src/main/resources/META-INF/weft/clusternetworks.weft.dev.yaml"));

        assertThat(text)
                .contains("image: registry.example/weft/weft-operator:9.8.7")
                .contains("kind: \"CustomResourceDefinition\"")
                .doesNotContain("${");
    }
}
