package dev.weft.serviceproxy;

import dev.weft.kube.ObjectKey;
import dev.weft.serviceproxy.Emission.Claim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who has which frontend. Users can claim each other's addresses (CVE-2020-8554): a ClusterIP beats an address from
 * outside, and among equals the first name has it, whatever came first, so that all nodes agree.
 */
final class Claims {
    /** A Service that claims something, in order of preference. */
    record Bid(FrontendPlan.Kind kind, ObjectKey service) implements Comparable<Bid> {
        private static final Comparator<Bid> ORDER =
                Comparator.comparing(Bid::kind).thenComparing(Bid::service);

        @Override
        public int compareTo(Bid other) {
            return ORDER.compare(this, other);
        }
    }

    private final Map<Frontend, Bid> winners = new HashMap<>();
    /** All bids, in order, where there are several. */
    private final Map<Frontend, List<Bid>> contested = new HashMap<>();

    Optional<Bid> winner(Frontend frontend) {
        return Optional.ofNullable(winners.get(frontend));
    }

    boolean has(ObjectKey service, Claim claim) {
        Bid winner = winners.get(claim.frontend());
        return winner != null && winner.service().equals(service);
    }

    void add(Claim claim, ObjectKey service) {
        Frontend frontend = claim.frontend();
        Bid bid = new Bid(claim.kind(), service);
        Bid winner = winners.putIfAbsent(frontend, bid);
        if (winner != null) {
            List<Bid> all = contested.computeIfAbsent(frontend, f -> new ArrayList<>(List.of(winner)));
            all.add(bid);
            all.sort(null);
            winners.put(frontend, all.getFirst());
        }
    }

    void remove(Claim claim, ObjectKey service) {
        Frontend frontend = claim.frontend();
        List<Bid> all = contested.get(frontend);
        if (all == null) {
            winners.remove(frontend, new Bid(claim.kind(), service));
            return;
        }
        all.remove(new Bid(claim.kind(), service));
        winners.put(frontend, all.getFirst());
        if (all.size() == 1) {
            contested.remove(frontend);
        }
    }

    int contested() {
        return contested.size();
    }
}
