package dev.weft.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ShutdownTest {
    private final List<String> closed = new CopyOnWriteArrayList<>();

    private AutoCloseable part(String name) {
        return () -> closed.add(name);
    }

    @Test
    void closesInReverseOrderWhateverAPartThrows() throws InterruptedException {
        Shutdown shutdown = new Shutdown(Duration.ofSeconds(20));
        shutdown.add("first", part("first"));
        shutdown.add("second", () -> {
            throw new IllegalStateException("scripted");
        });
        shutdown.add("third", part("third"));
        assertThat(shutdown.run()).isTrue();
        assertThat(closed).containsExactly("third", "first");
        shutdown.await();
        shutdown.add("late", part("late"));
        assertThat(closed).endsWith("late");
    }

    @Test
    void aPartThatHangsDoesNotHoldTheProcess() {
        Shutdown shutdown = new Shutdown(Duration.ofMillis(1));
        CountDownLatch never = new CountDownLatch(1);
        shutdown.add("hangs", never::await);
        assertThat(shutdown.run()).isFalse();
        never.countDown();
    }

    @Test
    void aHeartbeatThatStopsIsFound() {
        ManualTime time = new ManualTime();
        Heartbeat heartbeat = new Heartbeat(time, Duration.ofSeconds(60));
        time.pass(Duration.ofSeconds(60));
        assertThat(heartbeat.check().ok()).isTrue();
        time.pass(Duration.ofSeconds(1));
        assertThat(heartbeat.check()).isEqualTo(Check.bad("no progress for 61 s, more than 60 s"));
        heartbeat.beat();
        assertThat(heartbeat.check().ok()).isTrue();
    }
}
