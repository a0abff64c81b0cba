package dev.weft.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SyncScheduleTest {
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration RESYNC = Duration.ofSeconds(60);
    private static final SyncTiming TIMING = SyncTiming.of(INTERVAL, RESYNC);

    private final SyncSchedule schedule = new SyncSchedule(TIMING, new Random(1), 0);

    @Test
    void startsFullAtOnce() {
        assertThat(schedule.untilDue(0)).isNotPositive();
        assertThat(schedule.begin(0)).isEqualTo(new SyncRequest(true, List.of("start")));
    }

    @Test
    void runsAtOnceWhenIdleAndGathersAfterARun() {
        succeed(0);
        schedule.trigger("a");
        assertThat(schedule.untilDue(ms(10))).isEqualTo(ms(90));
        schedule.trigger("b");
        schedule.trigger("a");
        assertThat(schedule.untilDue(ms(100))).isZero();
        assertThat(schedule.begin(ms(100))).isEqualTo(new SyncRequest(false, List.of("a", "b")));
        schedule.succeeded(new SyncRequest(false, List.of()), ms(100));
        schedule.trigger("c");
        assertThat(schedule.untilDue(ms(5000))).isNegative();
    }

    @Test
    void resyncsFullyNowAndThen() {
        succeed(0);
        long due = schedule.untilDue(0);
        assertThat(Duration.ofNanos(due)).isBetween(Duration.ofSeconds(54), Duration.ofSeconds(66));
        assertThat(schedule.begin(due)).isEqualTo(new SyncRequest(true, List.of("resync")));
    }

    @Test
    void partialRunsDoNotPutOffTheResync() {
        succeed(0);
        for (long second = 1; second < 70; second++) {
            schedule.trigger("busy");
            SyncRequest request = schedule.begin(Duration.ofSeconds(second).toNanos());
            schedule.succeeded(request, Duration.ofSeconds(second).toNanos());
            if (request.full()) {
                assertThat(second).isBetween(54L, 66L);
                return;
            }
        }
        throw new AssertionError("no full run");
    }

    @Test
    void aFailureIsRetriedFullyWithItsReasons() {
        succeed(0);
        schedule.trigger("a");
        SyncRequest request = schedule.begin(ms(200));
        schedule.trigger("b");
        Duration pause = schedule.failed(request, ms(200));
        assertThat(pause).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        schedule.trigger("c");
        assertThat(schedule.untilDue(ms(200))).isEqualTo(pause.toNanos());
        assertThat(schedule.begin(ms(500))).isEqualTo(new SyncRequest(true, List.of("a", "b", "c")));
    }

    @Test
    void failuresInARowWaitLongerUntilASuccess() {
        List<Duration> pauses = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            pauses.add(schedule.failed(schedule.begin(0), 0));
        }
        assertThat(pauses.getLast()).isGreaterThanOrEqualTo(Duration.ofSeconds(15));
        succeed(0);
        schedule.trigger("a");
        assertThat(schedule.failed(schedule.begin(0), 0)).isLessThanOrEqualTo(Duration.ofMillis(200));
    }

    @Test
    void manyReasonsStayFew() {
        for (int i = 0; i < 1000; i++) {
            schedule.trigger("reason " + i);
        }
        assertThat(schedule.begin(0).reasons()).hasSizeLessThanOrEqualTo(8);
    }

    /** No trigger is lost: after the last one there is always a run that began later, within the bound. */
    @Test
    void everyTriggerIsFollowedByARun() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            SyncSchedule law = new SyncSchedule(TIMING, random, 0);
            Set<String> waiting = new HashSet<>();
            long now = 0;
            int n = 0;
            for (int step = 0; step < 100; step++) {
                now += random.nextInt((int) ms(150));
                if (random.nextBoolean()) {
                    String reason = "r" + n++ % 4;
                    law.trigger(reason);
                    waiting.add(reason);
                    assertThat(law.untilDue(now))
                            .isLessThanOrEqualTo(Duration.ofSeconds(30).toNanos());
                }
                if (law.untilDue(now) <= 0) {
                    SyncRequest request = law.begin(now);
                    assertThat(request.reasons()).containsAll(waiting);
                    now += random.nextInt((int) ms(50));
                    if (random.nextInt(4) == 0) {
                        law.failed(request, now);
                    } else {
                        law.succeeded(request, now);
                        waiting.clear();
                    }
                }
            }
        }
    }

    private void succeed(long now) {
        schedule.succeeded(schedule.begin(now), now);
    }

    private static long ms(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
