package dev.weft.cni.routes;

import java.util.Map;

/**
 * What the probes found out about the paths.
 *
 * @param peerMtus pod MTU in bytes of other nodes, by node name, as far as they told
 * @param checksumTrouble whether packets with hardware checksums get lost in the tunnel
 */
public record Learned(Map<String, Integer> peerMtus, boolean checksumTrouble) {
    public static final Learned NOTHING = new Learned(Map.of(), false);

    public Learned {
        peerMtus = Map.copyOf(peerMtus);
    }
}
