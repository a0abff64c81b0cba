package dev.weft.cni.protocol;

import dev.weft.net.Ip;
import java.util.List;

/**
 * The part of a {@code prevResult} that CHECK compares. Later plugins of a chain may have added to it, never removed.
 *
 * @param interfaces names of all interfaces, on either side
 * @param ips all addresses, without their prefix lengths
 */
public record PreviousResult(List<String> interfaces, List<Ip> ips) {
    public PreviousResult {
        interfaces = List.copyOf(interfaces);
        ips = List.copyOf(ips);
    }
}
