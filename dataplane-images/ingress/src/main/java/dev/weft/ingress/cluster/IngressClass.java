package dev.weft.ingress.cluster;

/**
 * An IngressClass (networking.k8s.io/v1).
 *
 * @param isDefault whether Ingresses without a class are of this one
 */
public record IngressClass(String name, String uid, String controller, boolean isDefault) {}
