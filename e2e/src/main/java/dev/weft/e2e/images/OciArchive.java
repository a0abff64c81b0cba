package dev.weft.e2e.images;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes an image of one layer as an OCI archive: a tar of {@code oci-layout}, {@code index.json} and blobs (OCI image
 * layout 1.0). The annotation {@code io.containerd.image.name} carries the full reference, as containerd's import reads
 * it.
 */
final class OciArchive {
    private static final String MANIFEST_TYPE = "application/vnd.oci.image.manifest.v1+json";
    private static final String CONFIG_TYPE = "application/vnd.oci.image.config.v1+json";
    private static final String LAYER_TYPE = "application/vnd.oci.image.layer.v1.tar";

    private OciArchive() {}

    /**
     * Writes the archive.
     *
     * @param archive appears at once and whole
     * @param layer an uncompressed tar of the image's files
     * @param entrypoint the program and its first arguments
     * @param arguments those that follow unless a pod gives its own
     * @param references all names of the image
     */
    static void write(
            Path archive, Path layer, List<String> entrypoint, List<String> arguments, List<String> references)
            throws IOException {
        String layerDigest = digest(layer);
        byte[] config = bytes("""
                {"architecture":"%s","os":"linux","config":{"Entrypoint":[%s],"Cmd":[%s],"WorkingDir":"/",\
                "Env":["PATH=/:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]},\
                "rootfs":{"type":"layers","diff_ids":["%s"]}}""".formatted(architecture(), words(entrypoint), words(arguments), layerDigest));
        byte[] manifest = bytes("""
                {"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}""".formatted(
                        MANIFEST_TYPE,
                        descriptor(CONFIG_TYPE, digest(config), config.length, ""),
                        descriptor(LAYER_TYPE, layerDigest, Files.size(layer), "")));
        byte[] index = bytes("""
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[%s]}""".formatted(references.stream()
                .map(reference -> descriptor(
                        MANIFEST_TYPE,
                        digest(manifest),
                        manifest.length,
                        ",\"annotations\":{\"io.containerd.image.name\":" + quoted(reference) + "}"))
                .collect(Collectors.joining(","))));
        Path partial = archive.resolveSibling(archive.getFileName() + ".partial");
        try (TarArchiveOutputStream tar = open(partial)) {
            add(tar, "oci-layout", bytes("{\"imageLayoutVersion\":\"1.0.0\"}"));
            add(tar, "index.json", index);
            add(tar, blob(digest(config)), config);
            add(tar, blob(digest(manifest)), manifest);
            addFile(tar, blob(layerDigest), layer, 0644);
        }
        Files.move(partial, archive, StandardCopyOption.ATOMIC_MOVE);
    }

    /** A tar that takes files of any size. */
    static TarArchiveOutputStream open(Path file) throws IOException {
        OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
        tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        return tar;
    }

    /** Adds a file; with no time of its own, so that the same content gives the same digest. */
    static void addFile(TarArchiveOutputStream tar, String name, Path file, int mode) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(Files.size(file));
        entry.setMode(mode);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        Files.copy(file, tar);
        tar.closeArchiveEntry();
    }

    private static void add(TarArchiveOutputStream tar, String name, byte[] content) throws IOException {
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        entry.setModTime(0);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static String descriptor(String type, String digest, long size, String rest) {
        return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}".formatted(type, digest, size, rest);
    }

    private static String blob(String digest) {
        return "blobs/" + digest.replace(':', '/');
    }

    private static String words(List<String> words) {
        return words.stream().map(OciArchive::quoted).collect(Collectors.joining(","));
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "aarch64" -> "arm64";
            default -> "amd64";
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String digest(byte[] content) {
        return "sha256:" + HexFormat.of().formatHex(sha256().digest(content));
    }

    private static String digest(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
