package dev.weft.operator.observe;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Weft's ingress proxies as they are.
 *
 * @param running the Deployment, if there is one
 * @param onNodes the DaemonSet of those at their nodes' own addresses, if there is one
 * @param pods of both, sorted by name
 * @param addresses of the Service in front of them, for people
 * @param troubles what proxies say is not well
 */
public record IngressServers(
        Optional<Workload> running,
        Optional<Workload> onNodes,
        List<AgentPod> pods,
        List<String> addresses,
        List<ServerTrouble> troubles) {
    /** None. */
    public static final IngressServers NONE =
            new IngressServers(Optional.empty(), Optional.empty(), List.of(), List.of(), List.of());

    public IngressServers {
        pods = List.copyOf(pods);
        addresses = List.copyOf(addresses);
        troubles = List.copyOf(troubles);
    }

    /** The same with what proxies say now. */
    public IngressServers with(List<ServerTrouble> said) {
        return new IngressServers(running, onNodes, pods, addresses, said);
    }

    /** Whether there are none, nor any to come. */
    public boolean none() {
        return running.isEmpty() && onNodes.isEmpty();
    }

    /** Where a Service is reached: what a load balancer gave it, else its node ports, else its own addresses. */
    public static List<String> addresses(Service service) {
        List<String> balanced = Optional.ofNullable(service.getStatus())
                .map(s -> s.getLoadBalancer())
                .map(b -> Readers.orEmpty(b.getIngress()))
                .orElse(List.of())
                .stream()
                .flatMap(IngressServers::address)
                .toList();
        if (!balanced.isEmpty()) {
            return balanced;
        }
        String nodePorts = Readers.orEmpty(service.getSpec().getPorts()).stream()
                .filter(p -> p.getNodePort() != null && p.getNodePort() > 0)
                .map(IngressServers::nodePort)
                .collect(Collectors.joining(", "));
        return nodePorts.isEmpty()
                ? Readers.orEmpty(service.getSpec().getClusterIPs())
                : List.of("every node, " + nodePorts);
    }

    private static Stream<String> address(LoadBalancerIngress ingress) {
        return Stream.of(Optional.ofNullable(ingress.getIp()), Optional.ofNullable(ingress.getHostname()))
                .flatMap(Optional::stream)
                .filter(text -> !text.isEmpty());
    }

    private static String nodePort(ServicePort port) {
        return "port " + port.getNodePort() + " for " + port.getName();
    }
}
