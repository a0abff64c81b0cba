package dev.weft.operator.servers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.AgentPod.PodProblem;
import dev.weft.operator.observe.Workload;
import dev.weft.operator.revision.Names;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerRolloutTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final ServerKind KIND = new ServerKind(Names.DNS, Names.DNS_NAMESPACE, "DNS servers");
    private static final long GENERATION = 7;
    private static final ServerRevision OLD = revision("0.1.0");
    private static final ServerRevision NEW = revision("0.2.0");

    @Test
    void whatIsWantedRunsWhereNothingRanBefore() {
        ServerRollout rollout = ServerRollout.of(KIND, NEW, Optional.empty(), List.of(), GENERATION, NOW);
        assertThat(rollout.revision()).isEqualTo(NEW);
        assertThat(rollout.annotations()).isEmpty();

        ServerRollout stalled = step(NEW, running(NEW, Map.of(), true, 1), List.of());
        assertThat(stalled.revision()).as("there is no way back").isEqualTo(NEW);
    }

    @Test
    void whatWasReadyIsRemembered() {
        ServerRollout rollout = step(OLD, running(OLD, Map.of(), false, 2), List.of());
        assertThat(ServerRevision.read(rollout.annotations().getOrDefault(KIND.proved(), "")))
                .isEqualTo(OLD);
        ServerRollout next = step(NEW, running(OLD, rollout.annotations(), false, 2), List.of());
        assertThat(next.revision()).isEqualTo(NEW);
        assertThat(next.annotations()).isEqualTo(rollout.annotations());
        assertThat(next.failed()).isEmpty();
    }

    @Test
    void goesBackWhenItStallsAndStaysThere() {
        ServerRollout waiting = step(NEW, running(NEW, proved(), false, 1), List.of());
        assertThat(waiting.revision()).isEqualTo(NEW);

        ServerRollout back = step(NEW, running(NEW, proved(), true, 1), List.of(pod(NEW, NOW, "NotReady", false)));
        assertThat(back.revision()).isEqualTo(OLD);
        assertThat(back.news()).isTrue();
        assertThat(back.failed().orElseThrow()).contains("0.2.0", "0.1.0", "weft-dns-1 on node1", "NotReady");

        ServerRollout later = step(NEW, running(OLD, back.annotations(), false, 2), List.of());
        assertThat(later.revision()).isEqualTo(OLD);
        assertThat(later.news()).isFalse();
        assertThat(later.failed()).isEqualTo(back.failed());
        assertThat(later.annotations()).isEqualTo(back.annotations());
    }

    @Test
    void anotherSpecOrVersionIsTried() {
        Map<String, String> annotations =
                step(NEW, running(NEW, proved(), true, 1), List.of()).annotations();
        Workload back = running(OLD, annotations, false, 2);
        assertThat(of(NEW, back, List.of(), GENERATION + 1).revision()).isEqualTo(NEW);
        ServerRevision other = revision("0.2.1");
        assertThat(of(other, back, List.of(), GENERATION).revision()).isEqualTo(other);
        assertThat(of(OLD, back, List.of(), GENERATION).failed()).isEmpty();
    }

    @Test
    void anImageThatIsNotThereIsGivenHalfAMinute() {
        List<AgentPod> fresh = List.of(pod(NEW, NOW.minusSeconds(29), "ImagePullBackOff", true));
        List<AgentPod> old = List.of(pod(NEW, NOW.minusSeconds(30), "ImagePullBackOff", true));
        List<AgentPod> others = List.of(pod(OLD, NOW.minusSeconds(90), "CrashLoopBackOff", true));
        Workload running = running(NEW, proved(), false, 1);
        assertThat(step(NEW, running, fresh).revision()).isEqualTo(NEW);
        assertThat(step(NEW, running, others).revision()).isEqualTo(NEW);
        assertThat(step(NEW, running, old).revision()).isEqualTo(OLD);
    }

    @Test
    void serversThatBreakLaterAreNoReasonToGoBack() {
        Map<String, String> annotations = Map.of(KIND.proved(), NEW.template());
        ServerRollout rollout = step(
                NEW,
                running(NEW, annotations, false, 1),
                List.of(pod(NEW, NOW.minus(Duration.ofHours(1)), "CrashLoopBackOff", true)));
        assertThat(rollout.revision()).isEqualTo(NEW);
        assertThat(rollout.failed()).isEmpty();
    }

    private static ServerRollout step(ServerRevision wanted, Workload running, List<AgentPod> pods) {
        return of(wanted, running, pods, GENERATION);
    }

    private static ServerRollout of(ServerRevision wanted, Workload running, List<AgentPod> pods, long generation) {
        return ServerRollout.of(KIND, wanted, Optional.of(running), pods, generation, NOW);
    }

    private static Map<String, String> proved() {
        return Map.of(KIND.proved(), OLD.template());
    }

    private static Workload running(
            ServerRevision revision, Map<String, String> annotations, boolean stalled, int updated) {
        return new Workload(revision.name(), annotations, stalled, true, 2, updated, 2, 2);
    }

    private static AgentPod pod(ServerRevision revision, Instant created, String reason, boolean lasting) {
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

    private static ServerRevision revision(String version) {
        return ServerRevision.of(new PodTemplateSpecBuilder()
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
