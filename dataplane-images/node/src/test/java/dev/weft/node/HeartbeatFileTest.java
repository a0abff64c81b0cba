package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeartbeatFileTest {
    @TempDir
    Path folder;

    private final AtomicBoolean ready = new AtomicBoolean();

    /** An agent that is replaced right after it became ready leaves a heartbeat all the same. */
    @Test
    void beatsAsSoonAsTheNodeIsReadyAndOnceMoreAtTheEnd() throws IOException {
        Path file = folder.resolve("run/heartbeat");
        HeartbeatFile heartbeat = HeartbeatFile.start(file, ready::get);
        assertThat(file).doesNotExist();
        ready.set(true);
        await().until(() -> Files.exists(file));

        FileTime old = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        Files.setLastModifiedTime(file, old);
        heartbeat.close();
        assertThat(Files.getLastModifiedTime(file)).isGreaterThan(old);
    }

    @Test
    void anAgentThatNeverServedPodsLeavesNone() {
        Path file = folder.resolve("heartbeat");
        HeartbeatFile.start(file, ready::get).close();
        assertThat(file).doesNotExist();
    }
}
