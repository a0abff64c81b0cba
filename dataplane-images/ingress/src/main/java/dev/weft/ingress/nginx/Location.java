package dev.weft.ingress.nginx;

import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.RuleName;

/**
 * A path of a host, and who answers.
 *
 * @param path as it was written; begins with a slash
 * @param exact or by prefix, unless the host's paths are expressions
 */
record Location(HostPattern host, String path, boolean exact, Answer answer, RuleName name) {}
