package dev.weft.kube;

/**
 * A Namespace, as far as those who live in it are concerned.
 *
 * @param deleting whether it is being deleted, with all that is in it
 */
public record Namespace(String name, boolean deleting) {}
