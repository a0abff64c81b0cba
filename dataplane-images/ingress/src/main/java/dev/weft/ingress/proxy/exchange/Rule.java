package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.proxy.upstream.Cluster;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Retry;
import dev.weft.ingress.route.UpstreamId;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A rule, ready to be carried out. Shared by all event loops. */
public final class Rule {
    /**
     * Where a share of the requests goes.
     *
     * @param below with a number drawn between 0 and the sum of the weights, this is taken if the number is below
     * @param upstream null if the proxy answers itself
     * @param cluster null if there is none of that name, or the proxy answers itself
     */
    public record Share(
            long below,
            List<Step> steps,
            @Nullable UpstreamId upstream,
            @Nullable Cluster cluster,
            @Nullable Template key,
            int status) {}

    private final HttpRule source;
    private final Step[] steps;
    private final Share[] shares;
    private final long weights;
    private final Waits waits;
    private final @Nullable Retry retry;
    private final @Nullable Sticky sticky;

    Rule(HttpRule source, List<Step> steps, List<Share> shares, long weights) {
        this.source = source;
        this.steps = steps.toArray(Step[]::new);
        this.shares = shares.toArray(Share[]::new);
        this.weights = weights;
        this.waits = Waits.of(source.timeouts());
        this.retry = source.retry().orElse(null);
        this.sticky = source.affinity().map(Sticky::new).orElse(null);
    }

    public HttpRule source() {
        return source;
    }

    Step[] steps() {
        return steps;
    }

    Share[] shares() {
        return shares;
    }

    Waits waits() {
        return waits;
    }

    @Nullable
    Retry retry() {
        return retry;
    }

    @Nullable
    Sticky sticky() {
        return sticky;
    }

    /** By weight; null if all have weight 0. */
    @Nullable
    Share draw(SplittableRandom random) {
        if (shares.length == 1) {
            return weights == 0 ? null : shares[0];
        }
        if (weights == 0) {
            return null;
        }
        long number = random.nextLong(weights);
        for (Share share : shares) {
            if (number < share.below()) {
                return share;
            }
        }
        return null;
    }
}
