package dev.weft.ingress.compile;

import dev.weft.kube.ObjectReference;

/** What the status of an object should say. Who compiles a kind defines its own; who writes statuses knows them all. */
public interface Status {
    ObjectReference object();
}
