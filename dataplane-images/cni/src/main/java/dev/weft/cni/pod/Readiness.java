package dev.weft.cni.pod;

import dev.weft.cni.protocol.CniError;
import dev.weft.cni.protocol.CniException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether new pods are served, with what, and if not, why. For several threads. */
final class Readiness {
    /** An agent that has just started is ready in a moment: a pod had better wait for it than be made anew. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CountDownLatch decided = new CountDownLatch(1);
    private volatile State state = new State.NotReady("it has not yet heard of its node's podCIDRs");

    private sealed interface State {
        record Ready(PodSettings settings) implements State {}

        record NotReady(String why) implements State {}
    }

    void ready(PodSettings settings) {
        state = new State.Ready(settings);
        decided.countDown();
    }

    void notReady(String why) {
        state = new State.NotReady(why);
        decided.countDown();
    }

    /**
     * What new pods get, at once.
     *
     * @throws CniException with this code, if they get nothing
     */
    PodSettings require(CniError error) throws CniException {
        return switch (state) {
            case State.Ready(PodSettings settings) -> settings;
            case State.NotReady(String why) ->
                throw new CniException(error, "the weft node agent is not ready: " + why);
        };
    }

    /**
     * What new pods get; waits for a moment if that has never been decided.
     *
     * @throws CniException "try again later", if they get nothing
     */
    @SuppressWarnings("ReturnValueIgnored")
    PodSettings await() throws CniException {
        try {
            decided.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS); // in time or not, the state says it
            return require(CniError.TRY_AGAIN_LATER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CniException(CniError.TRY_AGAIN_LATER, "the weft node agent is stopping", e);
        }
    }
}
