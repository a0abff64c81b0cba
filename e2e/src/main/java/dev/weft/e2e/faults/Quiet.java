package dev.weft.e2e.faults;

import dev.weft.e2e.faults.AuditLog.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Nothing happens, and so nothing is written: the API server's audit log shows no write by the operator or the agents but
 * the renewals of the leader's lease.
 *
 * @param time for how long
 */
record Quiet(Duration time) implements Fault {
    /** The last thing that an installation writes by itself: round-trip times, once its agents are that old. */
    private static final Duration AGENTS_SETTLE = Duration.ofMinutes(4);

    private static final Duration SETTLING = Duration.ofMinutes(6);

    /** How long all must have been still before the time begins: what went before ends in its own time. */
    private static final Duration SETTLED = Duration.ofSeconds(20);

    @Override
    public String title() {
        return "quiet for " + time.toSeconds() + " s";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        scene.weft().awaitReady(Scene.PATIENCE);
        if (time.compareTo(AGENTS_SETTLE) >= 0) {
            scene.await(
                    "round-trip times in the status",
                    SETTLING,
                    () -> scene.weft()
                            .resource()
                            .map(cn -> cn.getStatus())
                            .map(status -> status.connectivity())
                            .filter(connectivity -> connectivity.rttP50Micros() > 0)
                            .isPresent());
        }
        // Repairs of an earlier fault stay in the status for ten minutes, so their end would be a write in the quiet
        // time.
        scene.await("the last writes of what went before", () -> {
            Instant since = Instant.now().minus(SETTLED);
            return AuditLog.of(scene).since(since).stream().allMatch(Write::renewsLease);
        });
        Instant begin = Instant.now();
        ApiServerAway.rest(time);
        List<Write> writes = AuditLog.of(scene).since(begin);
        List<String> changes = writes.stream()
                .filter(w -> !w.renewsLease())
                .map(Write::toString)
                .toList();
        findings.figure("seconds without anything to do", (double) time.toSeconds(), "s");
        findings.figure("writes by operator and agents", changes.size(), "");
        findings.figure("renewals of the leader's lease", writes.size() - changes.size(), "");
        findings.expectNone("a quiet cluster is not written to", changes);
    }
}
