package dev.weft.e2e.bench;

import dev.weft.e2e.lab.LabException;

/**
 * Which cores a benchmark of a server gives to whom, counted from 0. The server has one for itself.
 *
 * @param proxy what is measured
 * @param backend who answers behind it
 * @param load who asks
 */
record Cores(int proxy, int backend, int load) {
    /** With two there is one for all but the proxy; with four core 0, which most interrupts go to, stays free. */
    static Cores of(int available) {
        return switch (available) {
            case 1 -> throw new LabException("a proxy and those who ask it need a core each, and there is one");
            case 2 -> new Cores(1, 0, 0);
            case 3 -> new Cores(1, 2, 0);
            default -> new Cores(1, 2, 3);
        };
    }

    /** For people. */
    String told() {
        return backend == load
                ? "each proxy on core %d, load and backend together on core %d".formatted(proxy, load)
                : "each proxy on core %d, backend on core %d, load on core %d".formatted(proxy, backend, load);
    }
}
