package dev.weft.bundle.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageWriterTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    @Test
    void theArchiveCarriesTheFullNameForContainerd() throws Exception {
        Path archive = folder.resolve("a.tar");
        String digest = writer("work").writeArchive(plan("work", "hello"), "weft.dev/weft-test:1.2.3", archive);

        var entries = entries(archive);
        JsonNode manifest = JSON.readTree(entries.get("index.json")).at("/manifests/0");
        assertThat(manifest.at("/annotations/io.containerd.image.name").asText())
                .isEqualTo("weft.dev/weft-test:1.2.3");
        assertThat(manifest.get("digest").asText()).isEqualTo(digest);
        assertThat(entries).containsKey("oci-layout").containsKey("blobs/sha256/" + digest.substring(7));
    }

    @Test
    void theConfigurationHoldsUserEntrypointAndArguments() throws Exception {
        Path archive = folder.resolve("a.tar");
        String digest = writer("work").writeArchive(plan("work", "hello"), "weft.dev/weft-test:1", archive);

        var entries = entries(archive);
        JsonNode manifest = JSON.readTree(entries.get("blobs/sha256/" + digest.substring(7)));
        String configDigest = manifest.at("/config/digest").asText();
        JsonNode config = JSON.readTree(entries.get("blobs/sha256/" + configDigest.substring(7)));
        assertThat(config.get("architecture").asText()).isEqualTo("arm64");
        assertThat(config.at("/config/User").asText()).isEqualTo("65532:65532");
        assertThat(config.at("/config/Entrypoint").toString()).isEqualTo("[\"/app/program\"]");
        assertThat(config.at("/config/Cmd").toString()).isEqualTo("[\"run\"]");
        assertThat(config.get("created").asText()).isEqualTo("1970-01-01T00:00:00Z");
    }

    @Test
    void theSameFilesGiveTheSameBytesWhereverTheyAreBuilt() throws Exception {
        Path first = folder.resolve("first.tar");
        Path second = folder.resolve("second.tar");
        writer("one").writeArchive(plan("one", "hello"), "weft.dev/weft-test:1", first);
        writer("two/deeper").writeArchive(plan("two/deeper", "hello"), "weft.dev/weft-test:1", second);

        assertThat(first).hasSameBinaryContentAs(second);
    }

    @Test
    void aChangedFileIsSeenThoughItsTimeIsTheSame() throws Exception {
        String before =
                writer("work").writeArchive(plan("work", "hello"), "weft.dev/weft-test:1", folder.resolve("a.tar"));
        String after =
                writer("work").writeArchive(plan("work", "world"), "weft.dev/weft-test:1", folder.resolve("b.tar"));

        assertThat(after).isNotEqualTo(before);
    }

    @Test
    void pushesToARegistry() throws Exception {
        try (var registry = new FakeRegistry(folder)) {
            String digest = writer("work").push(plan("work", "hello"), registry.name() + "/weft/weft-test:1", true);

            assertThat(registry.manifests()).containsKey("weft/weft-test:1");
            JsonNode manifest = JSON.readTree(registry.manifests().get("weft/weft-test:1"));
            assertThat(registry.blobs())
                    .containsKey(manifest.at("/layers/0/digest").asText())
                    .containsKey(manifest.at("/config/digest").asText());
            assertThat(digest).startsWith("sha256:");
        }
    }

    @Test
    void refusesWhatIsNoReference() {
        assertThatThrownBy(() -> writer("work").writeArchive(plan("work", ""), "Weft!", folder.resolve("a.tar")))
                .isInstanceOf(ImageBuildException.class)
                .hasMessageContaining("'Weft!' is no image reference");
    }

    private ImageWriter writer(String work) {
        return new ImageWriter(Platform.ARM64, folder.resolve(work));
    }

    private ImagePlan plan(String work, String content) throws IOException {
        RootFs rootFs = RootFs.createIn(folder.resolve(work).resolve("root"));
        rootFs.write("app", content, "/app/program");
        return new ImagePlan(
                "weft-test", "A test", rootFs, List.of("/app/program"), List.of("run"), Map.of(), "65532:65532");
    }

    private static SequencedMap<String, String> entries(Path archive) throws IOException {
        var entries = new LinkedHashMap<String, String>();
        try (var tar = new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.put(entry.getName(), new String(tar.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
        return entries;
    }
}
