package dev.weft.serviceproxy;

/**
 * How far the role is, for status pages and for the take-over from another proxy.
 *
 * @param programmed whether everything the API server told at the start has been in the kernel once
 * @param services proxied Services that are known
 * @param endpoints endpoints of these, each once a Service port
 * @param pending Services whose latest state is not in the kernel yet
 * @param lastError of the latest sync, empty if it went well
 */
public record Progress(boolean programmed, int services, int endpoints, int pending, String lastError) {}
