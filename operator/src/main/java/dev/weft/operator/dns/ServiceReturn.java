package dev.weft.operator.dns;

import dev.weft.operator.observe.ClusterDns.DnsService;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How far a Service kube-dns that Weft took over is on its way back to the server from before. */
public enum ServiceReturn {
    /** There is none that Weft took over. */
    NOTHING,
    /** No pod of the server from before is ready: Weft goes on serving. */
    AWAITS_FORMER,
    /** The Service is to get its selector from before now. */
    TURN,
    /** It has it, and Weft's servers go on answering: not every node may have heard. */
    DRAINS,
    /** Nothing leads to Weft's servers any more: the Service's mark goes, and then they do. */
    LET_GO;

    /**
     * How long Weft's servers stay after the EndpointSlices stopped naming them. What serves a node's Services hears of
     * these by a watch, and kube-proxy's iptables mode needs seconds for many of them.
     */
    static final Duration DRAIN = Duration.ofSeconds(10);

    /** @param service kube-dns, if there is one */
    public static ServiceReturn of(Optional<DnsService> service, Instant now) {
        return service.map(s -> of(s, now)).orElse(NOTHING);
    }

    private static ServiceReturn of(DnsService service, Instant now) {
        return switch (service.owner()) {
            case WEFT, FOREIGN -> NOTHING;
            case TAKEN -> service.formerReady() ? TURN : AWAITS_FORMER;
            case RETURNED ->
                service.ledBackSince()
                                .filter(since -> !now.isBefore(since.plus(DRAIN)))
                                .isPresent()
                        ? LET_GO
                        : DRAINS;
        };
    }

    /** Whether Weft's servers are needed. */
    boolean serves() {
        return this == AWAITS_FORMER || this == DRAINS;
    }

    /** Whether it goes on by itself within seconds. */
    public boolean moving() {
        return this == TURN || this == DRAINS || this == LET_GO;
    }
}
