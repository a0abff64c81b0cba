package dev.weft.bundle.images;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The tar file of an OCI image layout, one image in it. jib writes one without the annotation by which containerd
 * learns the full name; this adds it and puts the entries in order.
 */
final class OciArchive {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String INDEX = "index.json";

    private OciArchive() {}

    /**
     * Writes the final archive.
     *
     * @return digest of the image's manifest, {@code sha256:...}
     */
    static String name(Path fromJib, String reference, Path target) throws IOException {
        SortedMap<String, byte[]> entries = read(fromJib);
        var index = (ObjectNode) JSON.readTree(entries.get(INDEX));
        var manifest = (ObjectNode) index.withArray("manifests").get(0);
        manifest.putObject("annotations")
                .put("io.containerd.image.name", reference)
                .put("org.opencontainers.image.ref.name", reference.substring(reference.lastIndexOf(':') + 1));
        entries.put(INDEX, JSON.writeValueAsString(index).getBytes(StandardCharsets.UTF_8));
        write(entries, target);
        return manifest.get("digest").asText();
    }

    private static SortedMap<String, byte[]> read(Path archive) throws IOException {
        var entries = new TreeMap<String, byte[]>();
        try (var tar = new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(archive)))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile()) {
                    entries.put(entry.getName(), tar.readAllBytes());
                }
            }
        }
        return entries;
    }

    private static void write(SortedMap<String, byte[]> entries, Path archive) throws IOException {
        try (var tar = new TarArchiveOutputStream(new BufferedOutputStream(Files.newOutputStream(archive)))) {
            for (var file : entries.entrySet()) {
                var entry = new TarArchiveEntry(file.getKey());
                entry.setSize(file.getValue().length);
                entry.setModTime(0L);
                tar.putArchiveEntry(entry);
                tar.write(file.getValue());
                tar.closeArchiveEntry();
            }
        }
    }
}
