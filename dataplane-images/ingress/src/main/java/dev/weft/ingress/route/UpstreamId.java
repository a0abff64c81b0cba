package dev.weft.ingress.route;

/**
 * Names an upstream.
 *
 * @param port of the Service
 * @param variant tells upstreams of one Service port apart that are spoken to differently; empty for the plain one
 */
public record UpstreamId(String namespace, String service, int port, String variant) {
    @Override
    public int hashCode() {
        return ((31 * namespace.hashCode() + service.hashCode()) * 31 + port) * 31 + variant.hashCode();
    }

    @Override
    public String toString() {
        return namespace + "/" + service + ":" + port + (variant.isEmpty() ? "" : " " + variant);
    }
}
