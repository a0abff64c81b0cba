package dev.weft.ingress.cluster;

import dev.weft.net.Ip;
import java.util.List;

/**
 * A pod that runs this program.
 *
 * @param node the addresses of its node, the first family first
 * @param ready whether it serves
 */
public record ProxyPod(List<Ip> node, boolean ready) {
    public ProxyPod {
        node = List.copyOf(node);
    }
}
