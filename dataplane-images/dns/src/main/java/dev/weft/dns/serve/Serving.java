package dev.weft.dns.serve;

import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.NameTable;

/**
 * What questions are answered from; replaced as a whole when the configuration changes.
 *
 * @param hosts names that the configuration gives addresses to
 * @param cache what upstream servers said
 * @param autopath whether the search list of a pod is walked here: what does not exist goes to {@link Later}
 * @param queryLog whether every answer is logged
 */
public record Serving(ClusterZone zone, NameTable hosts, AnswerCache cache, boolean autopath, boolean queryLog) {

    /** The same without {@link Later}'s part, for those who play it. */
    public Serving plain() {
        return new Serving(zone, hosts, cache, false, false);
    }

    /** The same with another zone. */
    public Serving with(ClusterZone other) {
        return new Serving(other, hosts, cache, autopath, queryLog);
    }
}
