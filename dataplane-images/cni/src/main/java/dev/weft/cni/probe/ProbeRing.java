package dev.weft.cni.probe;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who probes whom: all nodes on a ring by a hash of their names, each probes the next few. So every node is also probed
 * by as many, a node that comes or goes changes the choice of few, and nobody has to agree on anything.
 */
final class ProbeRing {
    private static final Comparator<String> ORDER =
            Comparator.comparing(ProbeRing::hash, Arrays::compareUnsigned).thenComparing(Comparator.naturalOrder());

    private ProbeRing() {}

    /** The {@code count} nodes that follow {@code self} on the ring, or all others if they are fewer. */
    static List<String> after(String self, Collection<String> others, int count) {
        List<String> ring = others.stream()
                .filter(name -> !name.equals(self))
                .distinct()
                .sorted(ORDER)
                .toList();
        Stream<String> behind = ring.stream().filter(name -> ORDER.compare(name, self) > 0);
        Stream<String> before = ring.stream().filter(name -> ORDER.compare(name, self) < 0);
        return Stream.concat(behind, before).limit(count).toList();
    }

    private static byte[] hash(String name) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }
}
