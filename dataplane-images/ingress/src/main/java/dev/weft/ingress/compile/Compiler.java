package dev.weft.ingress.compile;

import dev.weft.ingress.cluster.Cluster;

/**
 * Makes a part of the routing of some kinds of objects. The same cluster gives an equal part; a compiler may remember what
 * it made of objects that are the same instances in the next cluster, and is called by one thread.
 */
public interface Compiler {
    Part compile(Cluster cluster);
}
