package dev.weft.e2e.upstream;

import java.util.Locale;

/** Who brings the packets of Services to their endpoints during a run. */
enum Services {
    WEFT("{}"),
    KUBE_PROXY("{serviceProxy: {managementState: Unmanaged}}");

    private final String spec;

    Services(String spec) {
        this.spec = spec;
    }

    /** The name on the command line. */
    @Override
    public String toString() {
        return known();
    }

    /** What to apply as the ClusterNetwork's spec, in a cluster where Weft is the pod network. */
    String spec() {
        return spec;
    }

    /** The name of its list of known causes. */
    String known() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
