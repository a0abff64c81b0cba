package dev.weft.serviceproxy;

import dev.weft.kube.Service;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Optional;

/**
 * What is to happen at one frontend of a Service port.
 *
 * @param kind where the address comes from, for people
 * @param action what the first look at the packet says
 * @param inside what is done for pods and the node where the first look says that it depends
 * @param outside what is done for all others then; empty: nothing, so the packet is dropped
 * @param cluster endpoints of {@code action} or {@code inside}
 * @param local endpoints of {@code outside}
 * @param sourceRanges who may use the frontend at all; empty for everybody
 * @param affinity the Service port's number and how long a client stays, if it does
 * @param choice why these endpoints
 */
record FrontendPlan(
        Frontend frontend,
        Kind kind,
        Service.Port port,
        Action action,
        Optional<Action> inside,
        Optional<Action> outside,
        List<Backend> cluster,
        List<Backend> local,
        List<Cidr> sourceRanges,
        Optional<Affinity> affinity,
        Choice choice) {

    enum Kind {
        CLUSTER_IP("ClusterIP"),
        LOAD_BALANCER("load balancer address"),
        EXTERNAL_IP("external IP"),
        NODE_PORT("node port");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /**
     * @param id of the Service port, whatever the frontend
     * @param seconds 1 to 86400
     */
    record Affinity(int id, int seconds) {}

    Ip address() {
        return frontend.address();
    }
}
