package dev.weft.dns;

import dev.weft.agent.Log;
import dev.weft.config.ConfigFormatException;
import dev.weft.config.DnsConfig;
import dev.weft.config.DnsConfigJson;
import dev.weft.config.DnsStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The configuration, looked at every two seconds by its name: the kubelet changes a mounted ConfigMap by moving links. What
 * cannot be read or taken is told and changes nothing.
 */
final class ConfigFile implements AutoCloseable {
    private static final Log LOG = Log.of("config");
    private static final long LOOK_SECONDS = 2;

    /** Takes a configuration over, or says why not. */
    interface Taker {
        /** @throws IllegalArgumentException if it cannot be served; then nothing has changed */
        void take(DnsConfig config);
    }

    /**
     * A configuration that makes sense.
     *
     * @param hash of the text, SHA-256 in hexadecimal
     */
    record Content(DnsConfig config, String hash) {
        static Content of(String text) {
            return new Content(DnsConfigJson.read(text), sha256(text));
        }
    }

    private final Path file;
    private final Content first;
    private final CountDownLatch closed = new CountDownLatch(1);
    private String text;
    private DnsStatus.Config status;

    /**
     * Reads it; nothing is watched yet.
     *
     * @throws IOException if it cannot be read
     * @throws ConfigFormatException if it makes no sense
     */
    ConfigFile(Path file) throws IOException {
        this.file = file;
        this.text = Files.readString(file);
        this.first = Content.of(text);
        this.status = new DnsStatus.Config(true, "", first.hash());
    }

    /** As it was at first. */
    Content first() {
        return first;
    }

    /** Watches, from now on. */
    void watch(Taker taker, Consumer<DnsStatus.Config> told) {
        Thread.ofPlatform().daemon().name("dns-config").start(() -> run(taker, told));
    }

    private void run(Taker taker, Consumer<DnsStatus.Config> told) {
        try {
            while (!closed.await(LOOK_SECONDS, TimeUnit.SECONDS)) {
                told.accept(look(taker));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Looks once; says whether the latest content is in force. */
    DnsStatus.Config look(Taker taker) {
        try {
            String now = Files.readString(file);
            if (!now.equals(text)) {
                text = now;
                Content content = Content.of(now);
                taker.take(content.config());
                status = new DnsStatus.Config(true, "", content.hash());
                LOG.info("taken", "file", file);
            }
        } catch (IOException | UncheckedIOException | ConfigFormatException | IllegalArgumentException e) {
            String why = String.valueOf(e.getMessage());
            if (status.taken() || !status.message().equals(why)) {
                LOG.warn("not taken; the one before stays in force", e, "file", file);
            }
            status = new DnsStatus.Config(false, why, status.hash());
        }
        return status;
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
