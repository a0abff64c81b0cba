package dev.weft.e2e.faults;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Watches which pod holds which address, and tells when two hold the same one. */
final class AddressUse implements ResourceEventHandler<Pod> {
    private final Map<String, String> holders = new HashMap<>();
    private final Map<String, Instant> created = new HashMap<>();
    private final Set<String> running = new HashSet<>();
    private final Set<String> seen = new HashSet<>();
    private final List<String> clashes = new ArrayList<>();
    private Duration slowest = Duration.ZERO;

    @Override
    public void onAdd(Pod pod) {
        look(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod pod) {
        look(pod);
    }

    @Override
    public synchronized void onDelete(Pod pod, boolean finalStateUnknown) {
        release(pod);
        created.remove(name(pod));
    }

    private synchronized void look(Pod pod) {
        created.putIfAbsent(name(pod), Instant.now());
        String phase = pod.getStatus().getPhase();
        // A pod that has ended, or ends, may have given its address back.
        if ("Succeeded".equals(phase)
                || "Failed".equals(phase)
                || pod.getMetadata().getDeletionTimestamp() != null) {
            release(pod);
            return;
        }
        for (PodIP address : pod.getStatus().getPodIPs()) {
            seen.add(address.getIp());
            String other = holders.put(address.getIp(), name(pod));
            if (other != null && !other.equals(name(pod))) {
                clashes.add(address.getIp() + " belongs to " + other + " and to " + name(pod));
            }
        }
        if ("Running".equals(phase) && running.add(name(pod))) {
            Duration time = Duration.between(created.get(name(pod)), Instant.now());
            slowest = time.compareTo(slowest) > 0 ? time : slowest;
        }
    }

    private void release(Pod pod) {
        pod.getStatus().getPodIPs().forEach(address -> holders.remove(address.getIp(), name(pod)));
    }

    synchronized boolean running(Collection<String> names) {
        return running.containsAll(names);
    }

    synchronized List<String> clashes() {
        return List.copyOf(clashes);
    }

    /** How many different addresses pods have held. */
    synchronized int addresses() {
        return seen.size();
    }

    /** From the first sight of a pod to its first sight as Running. */
    synchronized Duration slowest() {
        return slowest;
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getName();
    }
}
