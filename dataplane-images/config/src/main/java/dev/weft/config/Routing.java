package dev.weft.config;

/** How pod traffic crosses nodes. */
public enum Routing {
    /** Encapsulated in VXLAN (RFC 7348). */
    VXLAN,
    /** Plain routes through the other node's address; all nodes share one L2 segment. */
    DIRECT
}
