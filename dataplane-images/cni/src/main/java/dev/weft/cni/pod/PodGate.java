package dev.weft.cni.pod;

import dev.weft.cni.protocol.PodName;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Optional;

/** Who has a say in when a pod may start, such as network policy, and so is told of pods' addresses. Any thread. */
public interface PodGate {
    /** Lets every pod start at once. */
    PodGate OPEN = new PodGate() {
        @Override
        public void leasesChanged() {
            // Nobody goes by them.
        }

        @Override
        public Optional<String> admit(PodName pod, String uid, List<Ip> ips) {
            return Optional.empty();
        }
    };

    /** Pods of this node hold other addresses than before. Does not block. */
    void leasesChanged();

    /**
     * Waits until a pod may start. Its addresses are leased, and its link is there.
     *
     * @param uid of the Pod; empty when the runtime did not say
     * @return why it must not start now, for people; empty if it may
     * @throws InterruptedException if the agent stops
     */
    Optional<String> admit(PodName pod, String uid, List<Ip> ips) throws InterruptedException;
}
