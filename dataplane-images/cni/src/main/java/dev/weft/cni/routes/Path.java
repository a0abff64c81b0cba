package dev.weft.cni.routes;

/** How packets travel to another node. */
public enum Path {
    VXLAN("VXLAN"),
    DIRECT("Direct");

    private final String label;

    Path(String label) {
        this.label = label;
    }

    /** The word users know it by, as in {@code spec.podNetwork.routing}. */
    public String label() {
        return label;
    }
}
