package dev.weft.cni.probe;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Answers questions. It is no good for an attack on others: an answer is never longer than its question, goes only to
 * addresses of the pod network, and there are not many a second. Not for several threads.
 */
final class Responder {
    /** Eight peers of two families ask twice a second at most; a larger cluster's ring asks no more. */
    private static final int PER_SECOND = 200;

    private static final int BURST = 400;

    private final List<Cidr> podNetwork;
    private final IntSupplier podMtu;
    private final TokenBucket bucket;

    Responder(List<Cidr> podNetwork, IntSupplier podMtu, long nowNanos) {
        this.podNetwork = List.copyOf(podNetwork);
        this.podMtu = podMtu;
        this.bucket = new TokenBucket(PER_SECOND, BURST, nowNanos);
    }

    /** The answer to a datagram, as long as the datagram itself; empty if it deserves none. */
    Optional<ByteBuffer> answer(ByteBuffer datagram, Ip source, long nowNanos) {
        return ProbeMessage.decode(datagram)
                .filter(question -> question.type() == ProbeMessage.Type.QUESTION)
                .filter(question -> podNetwork.stream().anyMatch(cidr -> cidr.contains(source)))
                .filter(question -> bucket.take(nowNanos))
                .map(question -> question.answeredBy(podMtu.getAsInt()).encode(datagram.remaining()));
    }
}
