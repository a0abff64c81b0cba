package dev.weft.cni.protocol;

/**
 * Limits on the traffic of a pod ({@code runtimeConfig.bandwidth}). Both directions as the pod sees them.
 *
 * @param ingressRate bits per second into the pod, 0 without limit
 * @param ingressBurst bits that may come at once
 * @param egressRate bits per second out of the pod, 0 without limit
 * @param egressBurst bits that may go at once
 */
public record Bandwidth(long ingressRate, long ingressBurst, long egressRate, long egressBurst) {
    public static final Bandwidth UNLIMITED = new Bandwidth(0, 0, 0, 0);

    public Bandwidth {
        requirePair("ingress", ingressRate, ingressBurst);
        requirePair("egress", egressRate, egressBurst);
    }

    private static void requirePair(String direction, long rate, long burst) {
        if (rate < 0 || burst < 0) {
            throw new IllegalArgumentException(direction + "Rate and " + direction + "Burst must not be negative");
        }
        if (rate > 0 && burst == 0) {
            throw new IllegalArgumentException(direction + "Rate " + rate + " needs an " + direction + "Burst above 0");
        }
        if (rate > 0 && rate < 8) {
            throw new IllegalArgumentException(direction + "Rate " + rate + " is less than a byte per second");
        }
        if (burst / 8 > 0xffff_ffffL) {
            throw new IllegalArgumentException(direction + "Burst " + burst + " is more than 4 GiB");
        }
    }
}
