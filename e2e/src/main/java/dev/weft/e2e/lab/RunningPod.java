package dev.weft.e2e.lab;

import dev.weft.e2e.process.CommandFailedException;
import io.fabric8.kubernetes.api.model.PodIP;
import java.util.List;

/**
 * A pod that runs on a node of the lab, reached without the API server.
 *
 * @param node where it runs
 * @param addresses one a family
 * @param netns its network namespace, a path on the node
 */
public record RunningPod(String name, Node node, List<String> addresses, String netns) {
    /** A process of the pod: its cgroup has the pod's uid, and its network is not the node's. */
    private static final String PROCESS = """
            for cgroup in $(grep -l "$1" /proc/[0-9]*/cgroup 2> /dev/null); do
              process=${cgroup%/cgroup}
              if [ "$(readlink "$process/ns/net")" != "$(readlink /proc/self/ns/net)" ]; then echo "$process"; exit; fi
            done
            exit 1
            """;

    public RunningPod {
        addresses = List.copyOf(addresses);
    }

    /** A pod that runs on the node, as the API server shows it. */
    public static RunningPod of(Node node, io.fabric8.kubernetes.api.model.Pod pod) {
        String process = node.exec(
                        "sh", "-c", PROCESS, "process", pod.getMetadata().getUid())
                .strip();
        return new RunningPod(
                pod.getMetadata().getName(),
                node,
                pod.getStatus().getPodIPs().stream().map(PodIP::getIp).toList(),
                process + "/ns/net");
    }

    /** Runs a program of the node in the pod's network. */
    public String exec(String... command) {
        String[] entered = new String[command.length + 3];
        entered[0] = "nsenter";
        entered[1] = "--net=" + netns;
        entered[2] = "--";
        System.arraycopy(command, 0, entered, 3, command.length);
        return node.exec(entered);
    }

    /** Whether a TCP connection to there can be made within three seconds. */
    public boolean reaches(String address, int port) {
        String target = address.contains(":") ? "[" + address + "]:" + port : address + ":" + port;
        try {
            exec(node.kubernetesProgram("agnhost"), "connect", "--timeout=3s", target);
            return true;
        } catch (CommandFailedException e) {
            return false;
        }
    }
}
