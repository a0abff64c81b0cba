package dev.weft.e2e.bench;

/**
 * How many Services a measurement is made with.
 *
 * @param services 1 to 30,000: their addresses are 10.96.16.1 and up
 * @param endpoints of each Service, 1 to 100, all in one EndpointSlice
 */
record ServiceCount(int services, int endpoints) {
    private static final int MOST_SERVICES = 30_000;
    private static final int MOST_ENDPOINTS = 100;

    ServiceCount {
        if (services < 1 || services > MOST_SERVICES || endpoints < 1 || endpoints > MOST_ENDPOINTS) {
            throw new IllegalArgumentException("%d Services of %d endpoints: there can be 1 to %d of 1 to %d"
                    .formatted(services, endpoints, MOST_SERVICES, MOST_ENDPOINTS));
        }
    }

    /** Reads {@code 10000x10}, or {@code 10000} for two endpoints. */
    static ServiceCount parse(String text) {
        String[] parts = text.strip().split("x", 2);
        try {
            return new ServiceCount(Integer.parseInt(parts[0]), parts.length > 1 ? Integer.parseInt(parts[1]) : 2);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not like 10000 or 10000x10", e);
        }
    }

    /** The address of the last of them; as in netbench. */
    String lastAddress() {
        int last = services - 1;
        return "10.96." + (16 + last / 250) + "." + (1 + last % 250);
    }

    @Override
    public String toString() {
        return services + "x" + endpoints;
    }
}
