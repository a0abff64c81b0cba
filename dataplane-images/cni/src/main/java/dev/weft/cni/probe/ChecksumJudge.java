package dev.weft.cni.probe;

import dev.weft.cni.routes.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether hardware checksums are to blame where packets pass the tunnel and TCP data does not, by trying without
 * them. If that does not help they come back, and the cause is another, such as a firewall.
 */
final class ChecksumJudge {
    /** As many failed checks in a row make a verdict. */
    static final int ENOUGH = 3;

    /**
     * What is known of a path after a round.
     *
     * @param target the other end
     * @param packetsPass whether single packets of all sizes pass
     * @param tcpFailures failed TCP checks in a row, of those made in this state of the offload
     * @param tcpPassed whether one of them passed
     */
    record Evidence(ProbeTarget target, boolean packetsPass, int tcpFailures, boolean tcpPassed) {}

    private enum State {
        WATCHING,
        TRYING,
        GUILTY,
        INNOCENT
    }

    private State state;

    /** @param known whether an earlier process found the checksums guilty */
    ChecksumJudge(boolean known) {
        state = known ? State.GUILTY : State.WATCHING;
    }

    /** Whether to do without hardware checksums in the tunnel. */
    boolean without() {
        return state == State.TRYING || state == State.GUILTY;
    }

    /**
     * Looks at a round.
     *
     * @return the new value of {@link #without} if it has changed; evidence starts anew then
     */
    Optional<Boolean> look(Collection<Evidence> round) {
        boolean stalled = round.stream().anyMatch(ChecksumJudge::isStalled);
        boolean before = without();
        state = switch (state) {
            case WATCHING -> stalled ? State.TRYING : State.WATCHING;
            case TRYING -> stalled ? State.INNOCENT : allPassed(round) ? State.GUILTY : State.TRYING;
            case GUILTY -> State.GUILTY;
            case INNOCENT -> State.INNOCENT;
        };
        return without() == before ? Optional.empty() : Optional.of(without());
    }

    private static boolean allPassed(Collection<Evidence> round) {
        List<Evidence> tunnelled = round.stream()
                .filter(one -> one.target().path() == Path.VXLAN && one.packetsPass())
                .toList();
        return !tunnelled.isEmpty() && tunnelled.stream().allMatch(Evidence::tcpPassed);
    }

    private static boolean isStalled(Evidence one) {
        return one.target().path() == Path.VXLAN && one.packetsPass() && one.tcpFailures() >= ENOUGH;
    }
}
