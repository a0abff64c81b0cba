package dev.weft.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where the DNS servers run. */
public enum DnsPlacement {
    /** A few in the cluster, for all nodes. */
    @JsonProperty("Cluster")
    CLUSTER,
    /** One on each node, for that node; others stand in for it. */
    @JsonProperty("NodeLocal")
    NODE_LOCAL
}
