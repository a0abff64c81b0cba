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
    /** Until the first beat: an agent may be replaced within seconds of having become ready. */
    private static final Duration SOON = Duration.ofMillis(200);

    private final Path file;
    private final BooleanSupplier ready;
    private final CountDownLatch closed = new CountDownLatch(1);

    private HeartbeatFile(Path file, BooleanSupplier ready) {
        this.file = file;
        this.ready = ready;
    }

    /** Touches the file from now on, as long as {@code ready}; looks five times a second while it is not. */
    static HeartbeatFile start(Path file, BooleanSupplier ready) {
        HeartbeatFile heartbeat = new HeartbeatFile(file, ready);
        Thread.ofPlatform().daemon().name("heartbeat").start(heartbeat::run);
        return heartbeat;
    }

    private void run() {
        try {
            Duration pause;
            do {
                pause = beat() ? EVERY : SOON;
            } while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether there is nothing to be done soon: it beat, or it could not. */
    private boolean beat() {
        try {
            boolean well = ready.getAsBoolean();
            if (well) {
                touch();
            }
            return well;
        } catch (IOException | RuntimeException e) { // the next beat may do better
            LOG.warn("heartbeat failed", e, "file", file);
            return true;
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

    /** Stops; the file stays, and ages from now on if all was well. */
    @Override
    public void close() {
        closed.countDown();
        beat();
    }
}
