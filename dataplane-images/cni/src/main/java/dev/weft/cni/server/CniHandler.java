package dev.weft.cni.server;

import dev.weft.cni.protocol.CniException;
import dev.weft.cni.protocol.CniRequest;
import dev.weft.cni.protocol.CniResult;
import dev.weft.linux.Netns;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Optional;

/** Does what CNI requests ask. Called by several threads at once. */
@FunctionalInterface
public interface CniHandler {
    /**
     * @param netns the pod's network namespace where the request came with one; the caller closes it
     * @throws CniException what the runtime is told
     */
    Outcome handle(CniRequest request, Optional<Netns> netns) throws CniException;

    /**
     * What was done.
     *
     * @param result the answer to ADD, empty for other requests
     * @param ips addresses that the request was about, for the log
     */
    record Outcome(Optional<CniResult> result, List<Ip> ips) {
        public static final Outcome NOTHING = new Outcome(Optional.empty(), List.of());

        public Outcome {
            ips = List.copyOf(ips);
        }
    }
}
