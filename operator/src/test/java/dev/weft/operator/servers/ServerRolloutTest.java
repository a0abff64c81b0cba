package dev.weft.operator.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.AgentPod.PodProblem;
import dev.weft.operator.observe.DnsServers;
import dev.weft.operator.observe.DnsServers.Running;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DnsRolloutTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final long GENERATION = 7;
    private static final DnsRevision OLD = revision("0.1.0");
    private static final DnsRevision NEW = revision("0.2.0");

    @Test
    void whatIsWantedRunsWhereNothingRanBefore() {
        DnsRollout rollout = DnsRollout.of(NEW, DnsServers.NONE, GENERATION, NOW);
        assertThat(rollout.revision()).isEqualTo(NEW);
        assertThat(rollout.annotations()).isEmpty();

        DnsRollout stalled = step(NEW, running(NEW, Map.of(), true, 1), List.of());
        assertThat(stalled.revision()).as("there is no way back").isEqualTo(NEW);
    }

    @Test
    void whatWasReadyIsRemembered() {
        DnsRollout rollout = step(OLD, running(OLD, Map.of(), false, 2), List.of());
        assertThat(DnsRevision.read(rollout.annotations().getOrDefault(DnsRollout.PROVED, "")))
                .isEqualTo(OLD);
        DnsRollout next = step(NEW, running(OLD, rollout.annotations(), false, 2), List.of());
        assertThat(next.revision()).isEqualTo(NEW);
        assertThat(next.annotations()).isEqualTo(rollout.annotations());
        assertThat(next.failed()).isEmpty();
    }

    @Test
    void goesBackWhenItStallsAndStaysThere() {
        DnsRollout waiting = step(NEW, running(NEW, proved(), false, 1), List.of());
        assertThat(waiting.revision()).isEqualTo(NEW);

        DnsRollout back = step(NEW, running(NEW, proved(), true, 1), List.of(pod(NEW, NOW, "NotReady", false)));
        assertThat(back.revision()).isEqualTo(OLD);
        assertThat(back.news()).isTrue();
        assertThat(back.failed().orElseThrow()).contains("0.2.0", "0.1.0", "weft-dns-1 on node1", "NotReady");

        DnsRollout later = step(NEW, running(OLD, back.annotations(), false, 2), List.of());
        assertThat(later.revision()).isEqualTo(OLD);
        assertThat(later.news()).isFalse();
        assertThat(later.failed()).isEqualTo(back.failed());
        assertThat(later.annotations()).isEqualTo(back.annotations());
    }

    @Test
    void anotherSpecOrVersionIsTried() {
        Map<String, String> annotations =
                step(NEW, running(NEW, proved(), true, 1), List.of()).annotations();
        DnsServers back = servers(running(OLD, annotations, false, 2), List.of());
        assertThat(DnsRollout.of(NEW, back, GENERATION + 1, NOW).revision()).isEqualTo(NEW);
        DnsRevision other = revision("0.2.1");
        assertThat(DnsRollout.of(other, back, GENERATION, NOW).revision()).isEqualTo(other);
        assertThat(DnsRollout.of(OLD, back, GENERATION, NOW).failed()).isEmpty();
    }

    @Test
    void anImageThatIsNotThereIsGivenHalfAMinute() {
        List<AgentPod> fresh = List.of(pod(NEW, NOW.minusSeconds(29), "ImagePullBackOff", true));
        List<AgentPod> old = List.of(pod(NEW, NOW.minusSeconds(30), "ImagePullBackOff", true));
        List<AgentPod> others = List.of(pod(OLD, NOW.minusSeconds(90), "CrashLoopBackOff", true));
        Running running = running(NEW, proved(), false, 1);
        assertThat(step(NEW, running, fresh).revision()).isEqualTo(NEW);
        assertThat(step(NEW, running, others).revision()).isEqualTo(NEW);
        assertThat(step(NEW, running, old).revision()).isEqualTo(OLD);
    }

    @Test
    void serversThatBreakLaterAreNoReasonToGoBack() {
        Map<String, String> annotations = Map.of(DnsRollout.PROVED, NEW.template());
        DnsRollout rollout = step(
                NEW,
                running(NEW, annotations, false, 1),
                List.of(pod(NEW, NOW.minus(Duration.ofHours(1)), "CrashLoopBackOff", true)));
        assertThat(rollout.revision()).isEqualTo(NEW);
        assertThat(rollout.failed()).isEmpty();
    }

    private static DnsRollout step(DnsRevision wanted, Running running, List<AgentPod> pods) {
        return DnsRollout.of(wanted, servers(running, pods), GENERATION, NOW);
    }

    private static DnsServers servers(Running running, List<AgentPod> pods) {
        return new DnsServers(Optional.of(running), Optional.empty(), pods, Optional.empty(), List.of());
    }

    private static Map<String, String> proved() {
        return Map.of(DnsRollout.PROVED, OLD.template());
    }

    private static Running running(
            DnsRevision revision, Map<String, String> annotations, boolean stalled, int updated) {
        return new Running(revision.name(), annotations, stalled, true, 2, updated, 2, 2);
    }

    private static AgentPod pod(DnsRevision revision, Instant created, String reason, boolean lasting) {
        return new AgentPod(
                "weft-dns-1",
                "node1",
                Names.DNS,
                revision.name(),
                false,
                created,
                created,
                false,
                Optional.of(new PodProblem("dns", reason, "", lasting)));
    }

    private static DnsRevision revision(String version) {
        return DnsRevision.of(new PodTemplateSpecBuilder()
                .withNewMetadata()
                .addToLabels(Names.APP_VERSION, version)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("dns")
                .withImage("weft.dev/weft-dns:" + version)
                .endContainer()
                .endSpec()
                .build());
    }
}
