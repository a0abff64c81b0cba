package dev.weft.operator.dns;

import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.DnsServers;
import dev.weft.operator.observe.DnsServers.Running;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the DNS servers run: what is wanted, or what ran before if that never got ready. Kubernetes rolls the Deployment
 * over and keeps the old servers meanwhile, but goes no way back by itself. What is known is in annotations of the
 * Deployment, so an operator that takes over decides alike.
 *
 * @param revision to run
 * @param annotations of the Deployment
 * @param failed why the wanted revision is not the one, if it is not; for people
 * @param news whether that was found right now
 */
record DnsRollout(DnsRevision revision, Map<String, String> annotations, Optional<String> failed, boolean news) {
    /** The template that all servers ran and were ready with, the last one. */
    static final String PROVED = "weft.dev/dns-proved-template";

    /** Generation of the spec, revision that never got ready with it, and why. */
    static final String FAILED = "weft.dev/dns-failed-revision";

    /** A rollout without a step forward for that long has failed: the Deployment's progressDeadlineSeconds. */
    static final Duration DEADLINE = Duration.ofMinutes(3);

    /** Images that cannot be pulled and the like are given this long, since a registry may stumble once. */
    private static final Duration LASTING_DEADLINE = Duration.ofSeconds(30);

    private record Failure(String text, String why) {
        private static Optional<Failure> read(String annotation, String key) {
            return annotation.startsWith(key + " ")
                    ? Optional.of(new Failure(annotation, annotation.substring(key.length() + 1)))
                    : Optional.empty();
        }
    }

    DnsRollout {
        annotations = Map.copyOf(annotations);
    }

    /** @param generation of the spec: what failed is tried again with another one, and not before */
    static DnsRollout of(DnsRevision wanted, DnsServers servers, long generation, Instant now) {
        Map<String, String> annotations = new TreeMap<>();
        Optional<Running> running = servers.running();
        Optional<DnsRevision> proved = running.flatMap(r -> proved(wanted, r));
        proved.ifPresent(p -> annotations.put(PROVED, p.template()));
        Optional<DnsRevision> former = proved.filter(p -> !p.name().equals(wanted.name()));
        if (running.isEmpty() || former.isEmpty()) {
            return new DnsRollout(wanted, annotations, Optional.empty(), false);
        }
        String key = generation + " " + wanted.name();
        Optional<Failure> known = Failure.read(running.get().annotations().getOrDefault(FAILED, ""), key);
        Optional<Failure> failure = known.or(
                () -> broken(wanted, running.get(), servers, now).map(why -> new Failure(key + " " + why, why)));
        failure.ifPresent(f -> annotations.put(FAILED, f.text()));
        return new DnsRollout(
                failure.isPresent() ? former.get() : wanted,
                annotations,
                failure.map(
                        f -> "DNS servers of release " + wanted.version() + " did not get ready, so those of release "
                                + former.get().version()
                                + " from before serve on; the next change of spec or version is tried: "
                                + f.why()),
                failure.isPresent() && known.isEmpty());
    }

    private static Optional<DnsRevision> proved(DnsRevision wanted, Running running) {
        return running.revision().equals(wanted.name()) && running.complete()
                ? Optional.of(wanted)
                : Optional.ofNullable(running.annotations().get(PROVED)).map(DnsRevision::read);
    }

    private static Optional<String> broken(DnsRevision wanted, Running running, DnsServers servers, Instant now) {
        if (!running.revision().equals(wanted.name()) || running.complete()) {
            return Optional.empty();
        }
        Optional<AgentPod> unready = servers.pods().stream()
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
