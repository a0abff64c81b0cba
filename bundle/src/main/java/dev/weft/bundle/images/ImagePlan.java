package dev.weft.bundle.images;

import java.util.List;
import java.util.Map;

/**
 * An image, ready to be written.
 *
 * @param name last part of its reference, for example {@code weft-node}
 * @param title one line for people, an OCI label
 * @param rootFs its files
 * @param entrypoint what runs
 * @param arguments default arguments, replaced by {@code args} of a pod
 * @param environment variables of the process
 * @param user numeric {@code uid:gid}
 */
record ImagePlan(
        String name,
        String title,
        RootFs rootFs,
        List<String> entrypoint,
        List<String> arguments,
        Map<String, String> environment,
        String user) {
    ImagePlan {
        entrypoint = List.copyOf(entrypoint);
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }
}
