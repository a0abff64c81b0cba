package dev.weft.networkpolicy;

import dev.weft.kube.Pod;
import java.util.List;

/**
 * A port by its name in the pod that is connected to.
 *
 * @param protocol IP protocol number
 */
record NamedPort(int protocol, String name) {
    /** The numbers that a pod has under this name, sorted; several when containers use one name. */
    List<Integer> numbers(Pod pod) {
        return pod.ports().stream()
                .filter(port -> port.protocol() == protocol && port.name().equals(name))
                .map(Pod.Port::port)
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public String toString() {
        return PortRange.all(protocol) + "/" + name;
    }
}
