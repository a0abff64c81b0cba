package dev.weft.ingress.compile;

import dev.weft.ingress.cluster.References;
import dev.weft.ingress.route.Port;
import dev.weft.kube.EventNote;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a compiler made.
 *
 * @param ports as in {@link dev.weft.ingress.route.Routing}
 * @param upstreams all that its rules name; their endpoints are looked up later, so that a Pod that comes or goes compiles
 *     nothing anew
 * @param references what has to be known besides whole kinds, also of what is not there
 * @param notes for people, each at most once: what was refused or passed over, and why
 * @param statuses what objects should say of themselves
 */
public record Part(
        Map<Integer, Port> ports,
        Set<UpstreamPlan> upstreams,
        References references,
        List<EventNote> notes,
        List<Status> statuses) {
    public static final Part EMPTY = new Part(Map.of(), Set.of(), References.NONE, List.of(), List.of());

    public Part {
        ports = Map.copyOf(ports);
        upstreams = Set.copyOf(upstreams);
        notes = List.copyOf(notes);
        statuses = List.copyOf(statuses);
    }

    /** The same, but for what objects should say of themselves. */
    public Part withStatuses(List<Status> other) {
        return new Part(ports, upstreams, references, notes, other);
    }
}
