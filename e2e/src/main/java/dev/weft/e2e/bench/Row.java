package dev.weft.e2e.bench;

import java.util.Map;

/**
 * One line of a report.
 *
 * @param weft Weft's median
 * @param peers each peer's median by its name
 * @param runs how many figures Weft's median is of
 */
record Row(Metric metric, double weft, Map<String, Double> peers, int runs) {
    Row {
        peers = Map.copyOf(peers);
    }

    /** How many times better Weft is than the peer; below 1 it is worse. */
    double advantage(String peer) {
        double other = peers.getOrDefault(peer, Double.NaN);
        return metric.better() == Metric.Better.LOWER ? other / weft : weft / other;
    }
}
