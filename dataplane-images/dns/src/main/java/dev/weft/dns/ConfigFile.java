package dev.weft.dns;

import dev.weft.agent.Check;
import dev.weft.agent.Log;
import dev.weft.config.ConfigFormatException;
import dev.weft.config.DnsConfig;
import dev.weft.config.DnsConfigJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The configuration, looked at every two seconds: the kubelet changes a mounted ConfigMap by moving links. What cannot be
 * read or taken is told and changes nothing.
 */
final class ConfigFile implements AutoCloseable {
    private static final Log LOG = Log.of("config");
    private static final long LOOK_SECONDS = 2;

    /** Takes a configuration over, or says why not. */
    interface Taker {
        /** @throws IllegalArgumentException if it cannot be served; then nothing has changed */
        void take(DnsConfig config);
    }

    private final Path file;
    private final CountDownLatch closed = new CountDownLatch(1);
    private String text;
    private volatile Check check = Check.good();

    /** Nothing is watched yet. */
    ConfigFile(Path file) throws IOException {
        this.file = file;
        this.text = Files.readString(file);
    }

    /**
     * @throws IOException if it cannot be read
     * @throws ConfigFormatException if it makes no sense
     */
    static DnsConfig read(Path file) throws IOException {
        return DnsConfigJson.read(Files.readString(file));
    }

    /** Watches, from now on. */
    static ConfigFile watch(Path file, Taker taker) throws IOException {
        ConfigFile config = new ConfigFile(file);
        Thread.ofPlatform().daemon().name("dns-config").start(() -> config.run(taker));
        return config;
    }

    private void run(Taker taker) {
        try {
            while (!closed.await(LOOK_SECONDS, TimeUnit.SECONDS)) {
                look(taker);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void look(Taker taker) {
        try {
            String now = Files.readString(file);
            if (!now.equals(text)) {
                text = now;
                taker.take(DnsConfigJson.read(now));
                check = Check.good();
                LOG.info("taken", "file", file);
            }
        } catch (IOException | UncheckedIOException | ConfigFormatException | IllegalArgumentException e) {
            check = Check.bad("the configuration is not taken: " + e.getMessage());
            LOG.warn("not taken; the one before stays in force", e, "file", file);
        }
    }

    /** Whether the file's latest content is in force. */
    Check check() {
        return check;
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
