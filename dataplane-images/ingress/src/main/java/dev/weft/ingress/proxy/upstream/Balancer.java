package dev.weft.ingress.proxy.upstream;

import dev.weft.ingress.route.Upstream.Balancing;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Chooses an endpoint. Resting and tried ones are passed over as long as there are others. */
final class Balancer {
    private final EndpointState[] endpoints;
    private final Balancing balancing;
    private final long slowStartNanos;
    private final boolean mayBeSlow;
    private final AtomicInteger turn;

    Balancer(EndpointState[] endpoints, Balancing balancing, long slowStartNanos, int firstTurn) {
        this.endpoints = endpoints;
        this.balancing = balancing;
        this.slowStartNanos = slowStartNanos;
        this.turn = new AtomicInteger(firstTurn);
        boolean slow = false;
        for (EndpointState endpoint : endpoints) {
            slow |= endpoint.joined() != Long.MIN_VALUE;
        }
        this.mayBeSlow = slow && slowStartNanos > 0;
    }

    /**
     * @param key for hashing; empty for others
     * @param tried that failed for this request already
     * @return null if there is no endpoint at all
     */
    @Nullable
    EndpointState pick(SplittableRandom random, String key, @Nullable Tried tried) {
        if (endpoints.length <= 1) {
            return endpoints.length == 0 ? null : endpoints[0];
        }
        EndpointState chosen = choose(random, key, tried, false);
        if (chosen == null) {
            chosen = choose(random, key, tried, true);
        }
        return chosen == null ? endpoints[random.nextInt(endpoints.length)] : chosen;
    }

    private @Nullable EndpointState choose(
            SplittableRandom random, String key, @Nullable Tried tried, boolean evenResting) {
        return switch (balancing) {
            case Balancing.LeastRequest least -> leastOfTwo(random, tried, evenResting);
            case Balancing.RoundRobin round -> next(random, tried, evenResting);
            case Balancing.Hash hash -> rendezvous(key, tried, evenResting);
        };
    }

    private static boolean isOut(EndpointState endpoint, @Nullable Tried tried, boolean evenResting) {
        return (tried != null && tried.has(endpoint)) || (!evenResting && endpoint.isResting());
    }

    private @Nullable EndpointState leastOfTwo(SplittableRandom random, @Nullable Tried tried, boolean evenResting) {
        EndpointState first = usable(random.nextInt(endpoints.length), tried, evenResting, null);
        if (first == null) {
            return null;
        }
        EndpointState second = usable(random.nextInt(endpoints.length), tried, evenResting, first);
        if (second == null) {
            return first;
        }
        if (!mayBeSlow) {
            return second.open() < first.open() ? second : first;
        }
        // More requests count as fewer where a greater share is due.
        int firstShare = first.share(slowStartNanos);
        int secondShare = second.share(slowStartNanos);
        if (firstShare == secondShare) {
            return second.open() < first.open() ? second : first;
        }
        if (first.open() == 0 && second.open() == 0) {
            return random.nextInt(firstShare + secondShare) < firstShare ? first : second;
        }
        return (second.open() + 1L) * firstShare < (first.open() + 1L) * secondShare ? second : first;
    }

    /** The first from there on that can be used and is another one. */
    private @Nullable EndpointState usable(
            int from, @Nullable Tried tried, boolean evenResting, @Nullable EndpointState not) {
        for (int i = 0; i < endpoints.length; i++) {
            EndpointState endpoint = endpoints[(from + i) % endpoints.length];
            if (endpoint != not && !isOut(endpoint, tried, evenResting)) {
                return endpoint;
            }
        }
        return null;
    }

    private @Nullable EndpointState next(SplittableRandom random, @Nullable Tried tried, boolean evenResting) {
        for (int i = 0; i < 2 * endpoints.length; i++) {
            EndpointState endpoint = endpoints[Math.floorMod(turn.getAndIncrement(), endpoints.length)];
            if (isOut(endpoint, tried, evenResting)) {
                continue;
            }
            if (!mayBeSlow || random.nextInt(100) < endpoint.share(slowStartNanos)) {
                return endpoint;
            }
        }
        return usable(random.nextInt(endpoints.length), tried, evenResting, null);
    }

    /** The greatest of the hashes of key and endpoint: when one goes, only its keys move (rendezvous hashing). */
    private @Nullable EndpointState rendezvous(String key, @Nullable Tried tried, boolean evenResting) {
        EndpointState best = null;
        long most = Long.MIN_VALUE;
        long seed = hash(key, 0x9e3779b97f4a7c15L);
        for (EndpointState endpoint : endpoints) {
            if (isOut(endpoint, tried, evenResting)) {
                continue;
            }
            long weight = mix(seed ^ hash(endpoint.name(), 0x632be59bd9b4e019L));
            if (best == null || weight > most) {
                best = endpoint;
                most = weight;
            }
        }
        return best;
    }

    private static long hash(String text, long seed) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /** The end of MurmurHash3, so that every bit of the key counts in every bit of the weight. */
    private static long mix(long bits) {
        long mixed = (bits ^ bits >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
