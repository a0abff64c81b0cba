package dev.weft.operator.servers;

import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What servers run: what is wanted, or what ran before if that never got ready. Kubernetes rolls their Deployment over and
 * keeps the old servers meanwhile, but goes no way back by itself. What is known is in annotations of the Deployment, so
 * an operator that takes over decides alike.
 *
 * @param revision to run
 * @param annotations of the Deployment or DaemonSet
 * @param failed why the wanted revision is not the one, if it is not; for people
 * @param news whether that was found right now
 */
public record ServerRollout(
        ServerRevision revision, Map<String, String> annotations, Optional<String> failed, boolean news) {
    /** A rollout without a step forward for that long has failed: the Deployment's progressDeadlineSeconds. */
    public static final Duration DEADLINE = Duration.ofMinutes(3);

    /** Images that cannot be pulled and the like are given this long, since a registry may stumble once. */
    private static final Duration LASTING_DEADLINE = Duration.ofSeconds(30);

    private record Failure(String text, String why) {
        private static Optional<Failure> read(String annotation, String key) {
            return annotation.startsWith(key + " ")
                    ? Optional.of(new Failure(annotation, annotation.substring(key.length() + 1)))
                    : Optional.empty();
        }
    }

    public ServerRollout {
        annotations = Map.copyOf(annotations);
    }

    /**
     * @param running the Deployment, if there is one
     * @param pods of it
     * @param generation of the spec: what failed is tried again with another one, and not before
     */
    public static ServerRollout of(
            ServerKind kind,
            ServerRevision wanted,
            Optional<Workload> running,
            List<AgentPod> pods,
            long generation,
            Instant now) {
        Map<String, String> annotations = new TreeMap<>();
        Optional<ServerRevision> proved = running.flatMap(r -> proved(kind, wanted, r));
        proved.ifPresent(p -> annotations.put(kind.proved(), p.template()));
        Optional<ServerRevision> former = proved.filter(p -> !p.name().equals(wanted.name()));
        if (running.isEmpty() || former.isEmpty()) {
            return new ServerRollout(wanted, annotations, Optional.empty(), false);
        }
        String key = generation + " " + wanted.name();
        Optional<Failure> known = Failure.read(running.get().annotations().getOrDefault(kind.failed(), ""), key);
        Optional<Failure> failure =
                known.or(() -> broken(wanted, running.get(), pods, now).map(why -> new Failure(key + " " + why, why)));
        failure.ifPresent(f -> annotations.put(kind.failed(), f.text()));
        return new ServerRollout(
                failure.isPresent() ? former.get() : wanted,
                annotations,
                failure.map(f -> kind.people() + " of release " + wanted.version()
                        + " did not get ready, so those of release "
                        + former.get().version()
                        + " from before serve on; the next change of spec or version is tried: " + f.why()),
                failure.isPresent() && known.isEmpty());
    }

    /**
     * Of a DaemonSet, of which no controller says whether it stalls: it does when one of its latest pods was made before the
     * deadline and is not ready.
     *
     * @param silent nodes that are not heard of: what runs there says nothing
     */
    public static ServerRollout onNodes(
            ServerKind kind,
            ServerRevision wanted,
            Optional<Workload> running,
            List<AgentPod> pods,
            Set<String> silent,
            long generation,
            Instant now) {
        List<AgentPod> heard =
                pods.stream().filter(p -> !silent.contains(p.node())).toList();
        Instant deadline = now.minus(DEADLINE);
        Optional<Workload> judged = running.map(r -> r.stalledIf(heard.stream()
                .anyMatch(p -> p.revision().equals(r.revision())
                        && !p.ready()
                        && !p.terminating()
                        && p.createdAt().isBefore(deadline))));
        return of(kind, wanted, judged, heard, generation, now);
    }

    private static Optional<ServerRevision> proved(ServerKind kind, ServerRevision wanted, Workload running) {
        return running.revision().equals(wanted.name()) && running.complete()
                ? Optional.of(wanted)
                : Optional.ofNullable(running.annotations().get(kind.proved())).map(ServerRevision::read);
    }

    private static Optional<String> broken(ServerRevision wanted, Workload running, List<AgentPod> pods, Instant now) {
        if (!running.revision().equals(wanted.name()) || running.complete()) {
            return Optional.empty();
        }
        Optional<AgentPod> unready = pods.stream()
                .filter(p -> p.revision().equals(wanted.name()) && !p.ready() && !p.terminating())
                .findFirst();
        boolean hopeless = unready.filter(
                        p -> p.problem().filter(AgentPod.PodProblem::lasting).isPresent()
                                && !now.isBefore(p.createdAt().plus(LASTING_DEADLINE)))
                .isPresent();
        return hopeless || (running.current() && running.stalled())
                ? Optional.of(unready.map(AgentPod::describe)
                        .orElse("no pod was made within " + DEADLINE.toMinutes() + " minutes"))
                : Optional.empty();
    }
}
