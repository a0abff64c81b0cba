package dev.weft.dns.zone;

/** What {@code a-b-c-d.namespace.pod.<domain>} is answered with. */
public enum PodsMode {
    /** There are no such names. */
    DISABLED,
    /** Whatever address the name says, in namespaces that exist. */
    INSECURE,
    /** The address, if a Pod of the namespace has it. */
    VERIFIED
}
