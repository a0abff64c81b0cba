package dev.weft.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SyncLoopTest {
    private static final SyncTiming TIMING = SyncTiming.of(Duration.ofMillis(100), Duration.ofMinutes(1));

    private final ManualTime time = new ManualTime();
    private final List<SyncRequest> requests = new ArrayList<>();
    private boolean broken;

    private final SyncLoop loop = new SyncLoop(
            "test",
            TIMING,
            request -> {
                requests.add(request);
                if (broken) {
                    throw new IllegalStateException("scripted");
                }
            },
            time,
            new Random(1));

    @Test
    void aFailureThatRepeatsIsLoggedLessAndLess() {
        assertThat(IntStream.rangeClosed(1, 100).filter(n -> SyncLoop.isWorthALine(n, n > 1)))
                .containsExactly(1, 2, 4, 8, 16, 32, 64);
        assertThat(SyncLoop.isWorthALine(3, false)).isTrue();
    }

    @Test
    void runsWhatIsDueAndTellsHowItWent() {
        assertThat(loop.readiness().ok()).isFalse();
        assertThat(loop.runIfDue()).isTrue();
        assertThat(loop.runIfDue()).isFalse();
        assertThat(loop.readiness().ok()).isTrue();

        broken = true;
        loop.trigger("change");
        assertThat(loop.runIfDue()).isFalse();
        time.pass(Duration.ofMillis(100));
        assertThat(loop.runIfDue()).isTrue();
        assertThat(loop.readiness()).isEqualTo(Check.bad("IllegalStateException: scripted"));
        assertThat(loop.status().failuresInARow()).isEqualTo(1);
        assertThat(loop.status().lastSuccess()).isPresent();

        broken = false;
        time.pass(Duration.ofMillis(200));
        assertThat(loop.runIfDue()).isTrue();
        assertThat(loop.status())
                .extracting(SyncStatus::runs, SyncStatus::failures, SyncStatus::failuresInARow, SyncStatus::lastError)
                .containsExactly(3L, 1L, 0, "");
        assertThat(requests)
                .containsExactly(
                        new SyncRequest(true, List.of("start")),
                        new SyncRequest(false, List.of("change")),
                        new SyncRequest(true, List.of("change")));
    }

    @Test
    void outlivesWhateverTheTaskThrows() {
        AtomicInteger runs = new AtomicInteger();
        SyncTiming quick = new SyncTiming(
                Duration.ZERO, Duration.ofMinutes(1), new Backoff(Duration.ofNanos(1), Duration.ofNanos(1)));
        try (SyncLoop hardy = new SyncLoop("hardy", quick, request -> {
            switch (runs.incrementAndGet()) {
                case 1 -> throw new Exception("checked");
                case 2 -> throw new AssertionError("error");
                case 3 -> throw new InterruptedException("interrupted");
                case 4 -> Thread.currentThread().interrupt();
                default -> {}
            }
        })) {
            hardy.start();
            await().until(() -> hardy.status().runs() == 4);
            hardy.trigger("again");
            await().until(() -> hardy.status().runs() == 5);
            assertThat(hardy.status().failures()).isEqualTo(3);
            assertThat(hardy.liveness(Duration.ofSeconds(60)).ok()).isTrue();
        }
    }

    @Test
    void aRunThatHangsIsNotLive() throws InterruptedException {
        CountDownLatch started = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        try (SyncLoop hanging = new SyncLoop(
                "hanging",
                TIMING,
                request -> {
                    started.countDown();
                    release.await();
                },
                time,
                new Random(1))) {
            assertThat(hanging.liveness(Duration.ofSeconds(30)).ok()).isTrue();
            hanging.start();
            started.await();
            time.pass(Duration.ofSeconds(30));
            assertThat(hanging.liveness(Duration.ofSeconds(30)).ok()).isTrue();
            time.pass(Duration.ofSeconds(1));
            assertThat(hanging.liveness(Duration.ofSeconds(30)))
                    .isEqualTo(Check.bad("a run takes 31 s, more than 30 s"));
            release.countDown();
            await().until(() -> hanging.liveness(Duration.ofSeconds(30)).ok());
        }
    }

    @Test
    void aTriggerFromAnotherThreadWakesIt() {
        AtomicInteger runs = new AtomicInteger();
        try (SyncLoop idle = new SyncLoop(
                "idle", SyncTiming.of(Duration.ZERO, Duration.ofHours(1)), request -> runs.incrementAndGet())) {
            idle.start();
            await().until(() -> runs.get() == 1);
            idle.trigger("a");
            await().until(() -> runs.get() == 2);
        }
    }
}
