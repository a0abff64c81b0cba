package dev.weft.ingress.route;

/**
 * Names an upstream.
 *
 * @param port of the Service
 * @param variant tells upstreams of one Service port apart that are spoken to differently; empty for the plain one
 */
public record UpstreamId(String namespace, String service, int port, String variant) {
    /** Spread, since names that are counted up lie side by side, which makes large immutable maps of them slow. */
    @Override
    public int hashCode() {
        int hash = ((31 * namespace.hashCode() + service.hashCode()) * 31 + port) * 31 + variant.hashCode();
        hash *= 0x9E3779B9;
        return hash ^ (hash >>> 15);
    }

    @Override
    public String toString() {
        return namespace + "/" + service + ":" + port + (variant.isEmpty() ? "" : " " + variant);
    }
}
