package dev.weft.ingress;

import dev.weft.agent.Log;
import dev.weft.config.ConfigFormatException;
import dev.weft.config.IngressConfig;
import dev.weft.config.IngressConfigJson;
import dev.weft.config.IngressStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Consumer;

/**
 * The configuration, looked at by its name: the kubelet changes a mounted ConfigMap by moving links. What cannot be read or
 * taken is told and changes nothing.
 */
final class ConfigFile {
    private static final Log LOG = Log.of("config");

    private final Path file;
    private final IngressConfig first;
    private String text;
    private IngressStatus.Config status;

    /**
     * Reads it.
     *
     * @throws IOException if it cannot be read
     * @throws ConfigFormatException if it makes no sense
     */
    ConfigFile(Path file) throws IOException {
        this.file = file;
        this.text = Files.readString(file);
        this.first = IngressConfigJson.read(text);
        this.status = new IngressStatus.Config(true, "", sha256(text));
    }

    /** As it was at first. */
    IngressConfig first() {
        return first;
    }

    /** Whether the latest content is in force, as of the last look. */
    synchronized IngressStatus.Config status() {
        return status;
    }

    /**
     * Looks once.
     *
     * @param taker takes a changed one over; throws IllegalArgumentException if it cannot, and has changed nothing then
     */
    synchronized void look(Consumer<IngressConfig> taker) {
        try {
            String now = Files.readString(file);
            if (!now.equals(text)) {
                text = now;
                taker.accept(IngressConfigJson.read(now));
                status = new IngressStatus.Config(true, "", sha256(now));
                LOG.info("taken", "file", file);
            }
        } catch (IOException | ConfigFormatException | IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage());
            if (status.taken() || !status.message().equals(why)) {
                LOG.warn("not taken; the one before stays in force", e, "file", file);
            }
            status = new IngressStatus.Config(false, why, status.hash());
        }
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
