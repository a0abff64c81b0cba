package dev.weft.operator.status;

import dev.weft.operator.observe.AgentPod;
import dev.weft.operator.observe.ServerTrouble;
import dev.weft.operator.observe.ServerTrouble.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What servers have said for longer than {@link Health#GRACE}. */
record LastingTroubles(List<ServerTrouble> all) {
    private static final int NAMED = 3;

    /** What several servers may say alike. */
    record Subject(Kind kind, String name, String server) {}

    static LastingTroubles of(List<ServerTrouble> troubles, Instant now) {
        return new LastingTroubles(troubles.stream()
                .filter(t -> Duration.between(t.since(), now).compareTo(Health.GRACE) > 0)
                .toList());
    }

    /** Who says it, in a constant order of what is said. */
    Map<Subject, List<ServerTrouble>> alike() {
        return all.stream()
                .collect(Collectors.groupingBy(
                        t -> new Subject(t.kind(), t.subject(), t.server()),
                        () -> new TreeMap<>(Comparator.comparing(Subject::kind)
                                .thenComparing(Subject::name)
                                .thenComparing(Subject::server)),
                        Collectors.toList()));
    }

    /** The servers and their nodes, for people; a few of them. */
    static String pods(List<AgentPod> pods, List<ServerTrouble> told) {
        String more = told.size() > NAMED ? " and " + (told.size() - NAMED) + " more" : "";
        return told.stream().limit(NAMED).map(t -> where(pods, t.pod())).collect(Collectors.joining(", ")) + more;
    }

    private static String where(List<AgentPod> pods, String pod) {
        return pods.stream()
                .filter(p -> p.name().equals(pod) && !p.node().isEmpty())
                .map(AgentPod::node)
                .map(node -> pod + " on " + node)
                .findFirst()
                .orElse(pod);
    }
}
