package dev.weft.node;

import dev.weft.agent.Log;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A file whose age tells the shim whether the node was well a short while ago: while the agent is being replaced the
 * runtime's STATUS does not fail, so the node does not flap.
 */
final class HeartbeatFile implements AutoCloseable {
    private static final Log LOG = Log.of("node");
    private static final Duration EVERY = Duration.ofSeconds(10);

    private final Path file;
    private final BooleanSupplier ready;
    private final CountDownLatch closed = new CountDownLatch(1);

    private HeartbeatFile(Path file, BooleanSupplier ready) {
        this.file = file;
        this.ready = ready;
    }

    /** Touches the file from now on, as long as {@code ready}. */
    static HeartbeatFile start(Path file, BooleanSupplier ready) {
        HeartbeatFile heartbeat = new HeartbeatFile(file, ready);
        Thread.ofPlatform().daemon().name("heartbeat").start(heartbeat::run);
        return heartbeat;
    }

    private void run() {
        try {
            do {
                beat();
            } while (!closed.await(EVERY.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void beat() {
        try {
            if (ready.getAsBoolean()) {
                touch();
            }
        } catch (IOException | RuntimeException e) { // the next beat may do better
            LOG.warn("heartbeat failed", e, "file", file);
        }
    }

    private void touch() throws IOException {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (NoSuchFileException e) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.writeString(file, "");
        }
    }

    /** Stops; the file stays and ages. */
    @Override
    public void close() {
        closed.countDown();
    }
}
