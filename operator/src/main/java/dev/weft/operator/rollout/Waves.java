package dev.weft.operator.rollout;

/** How many nodes move at once. */
@FunctionalInterface
public interface Waves {
    /** One node after the other. */
    Waves ONE_BY_ONE = (moved, total) -> 1;

    /**
     * @param moved nodes that moved and proved themselves
     * @param total all nodes
     * @return nodes of the next wave; less than one counts as one
     */
    int size(int moved, int total);
}
