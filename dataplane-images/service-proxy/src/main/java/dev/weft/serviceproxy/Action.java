package dev.weft.serviceproxy;

import java.util.Optional;

/**
 * What the kernel does with a packet to a frontend, as the number that the maps hold: the kind in the upper half, the
 * number of endpoints in the lower. Each kind and number has a chain, shared by all frontends.
 *
 * @param backends how many there are to choose from; 0 for kinds that choose none
 */
record Action(Kind kind, int backends, boolean sticky) {
    /** Set in the number for session affinity. */
    private static final int STICKY = 0x100;

    enum Kind {
        /** ClusterIP. */
        LB(1, "lb"),
        /** Address from outside, policy Cluster. */
        EXT(2, "ext"),
        /** Node port, policy Cluster. */
        NODEPORT(3, "np"),
        /** Policy Local: whether from inside or outside is asked next. */
        BY_SOURCE(8, "by-source"),
        NODEPORT_BY_SOURCE(9, "np-by-source"),
        /** Policy Local, from a pod or the node. */
        INSIDE(4, "in"),
        NODEPORT_INSIDE(5, "np-in"),
        /** Policy Local, from outside. */
        OUTSIDE(6, "out"),
        NODEPORT_OUTSIDE(7, "np-out"),
        REJECT(10, "reject"),
        DROP(11, "drop");

        private final int number;
        private final String label;

        Kind(int number, String label) {
            this.number = number;
            this.label = label;
        }

        String label() {
            return label;
        }

        boolean isNodePort() {
            return this == NODEPORT || this == NODEPORT_INSIDE || this == NODEPORT_OUTSIDE;
        }

        boolean isOutside() {
            return this == OUTSIDE || this == NODEPORT_OUTSIDE;
        }

        boolean isInside() {
            return this == INSIDE || this == NODEPORT_INSIDE;
        }
    }

    static final Action REJECT = new Action(Kind.REJECT, 0, false);
    static final Action DROP = new Action(Kind.DROP, 0, false);
    static final Action BY_SOURCE = new Action(Kind.BY_SOURCE, 0, false);
    static final Action NODEPORT_BY_SOURCE = new Action(Kind.NODEPORT_BY_SOURCE, 0, false);

    int number() {
        return (kind.number | (sticky ? STICKY : 0)) << 16 | backends;
    }

    /** Whether it chooses an endpoint, in a chain of its own that comes and goes with its users. */
    boolean balances() {
        return backends > 0;
    }

    Optional<String> chain() {
        return switch (kind) {
            case REJECT, DROP -> Optional.empty();
            case BY_SOURCE, NODEPORT_BY_SOURCE -> Optional.of(kind.label);
            case LB, EXT, NODEPORT, INSIDE, NODEPORT_INSIDE, OUTSIDE, NODEPORT_OUTSIDE ->
                Optional.of(kind.label + "-" + backends + (sticky ? "-sticky" : ""));
        };
    }
}
