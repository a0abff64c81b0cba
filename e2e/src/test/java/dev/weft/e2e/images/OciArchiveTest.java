package dev.weft.e2e.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciArchiveTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder = Path.of("");

    @Test
    void everyDigestNamesABlobWithThatContent() throws Exception {
        Map<String, byte[]> files = read(write("a.tar", "registry.example/a:1", "registry.example/a:2"));

        JsonNode manifests = JSON.readTree(files.get("index.json")).get("manifests");
        assertThat(manifests.findValuesAsText("io.containerd.image.name"))
                .containsExactly("registry.example/a:1", "registry.example/a:2");
        JsonNode manifest = blob(files, manifests.get(0));
        JsonNode config = blob(files, manifest.get("config"));
        assertThat(config.get("config").get("Entrypoint").get(0).asText()).isEqualTo("/say \"hi\"");
        String layer = manifest.get("layers").get(0).get("digest").asText();
        assertThat(config.get("rootfs").get("diff_ids").get(0).asText()).isEqualTo(layer);
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (file.getKey().startsWith("blobs/")) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(file.getValue());
                assertThat(file.getKey())
                        .isEqualTo("blobs/sha256/" + HexFormat.of().formatHex(digest));
            }
        }
    }

    @Test
    void theSameContentGivesTheSameBytes() throws Exception {
        assertThat(write("a.tar", "x:1")).hasSameBinaryContentAs(write("b.tar", "x:1"));
    }

    private Path write(String name, String... references) throws IOException {
        Path program = Files.writeString(folder.resolve("program"), "program");
        Path layer = folder.resolve("layer");
        try (TarArchiveOutputStream tar = OciArchive.open(layer)) {
            OciArchive.addFile(tar, "program", program, 0755);
        }
        Path archive = folder.resolve(name);
        OciArchive.write(archive, layer, List.of("/say \"hi\""), List.of("pause"), List.of(references));
        return archive;
    }

    private static JsonNode blob(Map<String, byte[]> files, JsonNode descriptor) throws IOException {
        byte[] content = files.get("blobs/" + descriptor.get("digest").asText().replace(':', '/'));
        assertThat(content).hasSize(descriptor.get("size").asInt());
        return JSON.readTree(content);
    }

    private static Map<String, byte[]> read(Path archive) throws IOException {
        Map<String, byte[]> files = new HashMap<>();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(Files.newInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                files.put(entry.getName(), tar.readAllBytes());
            }
        }
        return files;
    }
}
