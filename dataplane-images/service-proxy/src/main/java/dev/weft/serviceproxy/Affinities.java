package dev.weft.serviceproxy;

import dev.weft.net.Ip;
import dev.weft.nftables.Data;
import dev.weft.nftables.Element;
import dev.weft.nftables.NftSet;
import dev.weft.nftables.Nftables;
import dev.weft.nftables.NftablesException;
import dev.weft.nftables.Operation;
import dev.weft.nftables.Transaction;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Forgets where clients were sent, once that endpoint is gone. */
final class Affinities {
    private static final int ATTEMPTS = 5;

    private final Layout layout;
    private final Nftables nftables;

    Affinities(Layout layout, Nftables nftables) {
        this.layout = layout;
        this.nftables = nftables;
    }

    /**
     * Deletes what is remembered of these Service ports and leads to none of their endpoints.
     *
     * @param valid endpoints by affinity number; of numbers that are not in it nothing is deleted
     * @return how many entries went
     * @throws NftablesException if the kernel refuses
     */
    int forget(Map<Integer, Set<Backend>> valid) {
        if (valid.isEmpty()) {
            return 0;
        }
        NftSet set = layout.sets.affinity;
        for (int attempt = 1; ; attempt++) {
            List<Element> stale = nftables.elements(layout.table(), set).values().stream()
                    .filter(element -> isStale(element, valid))
                    .toList();
            if (stale.isEmpty()) {
                return 0;
            }
            try {
                nftables.commit(Transaction.of(layout.table(), new Operation.DeleteElements(set, stale)));
                return stale.size();
            } catch (NftablesException e) {
                // One expired between the two calls, and a transaction is all or nothing.
                if (e.reason() != NftablesException.Reason.NOT_FOUND || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    static boolean isStale(Element element, Map<Integer, Set<Backend>> valid) {
        byte[] key = element.key().bytes();
        int at = key.length - 4;
        // A number in the machine's order, which is little-endian.
        int id = (key[at] & 0xff) | (key[at + 1] & 0xff) << 8 | (key[at + 2] & 0xff) << 16 | key[at + 3] << 24;
        Set<Backend> backends = valid.get(id);
        return backends != null
                && element.value()
                        .filter(value -> value instanceof Data data && backends.contains(backend(data)))
                        .isEmpty();
    }

    private static Backend backend(Data data) {
        byte[] bytes = data.bytes();
        int length = bytes.length - 4;
        byte[] address = Arrays.copyOf(bytes, length);
        return new Backend(Ip.of(address), (bytes[length] & 0xff) << 8 | (bytes[length + 1] & 0xff));
    }
}
