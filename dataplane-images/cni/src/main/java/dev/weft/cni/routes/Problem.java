package dev.weft.cni.routes;

/**
 * Something that keeps a node's pods from being served in full; it never stops the others' service.
 *
 * @param node the node it concerns
 * @param blocking whether pods of that node cannot be reached for it
 * @param message what is wrong and what to do, for people
 */
public record Problem(String node, boolean blocking, String message) {}
