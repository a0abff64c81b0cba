package dev.weft.kube;

import java.util.Set;

/**
 * A CustomResourceDefinition, as far as those who watch its objects are concerned.
 *
 * @param served versions in which the API server has the objects; empty before it has taken the definition into use
 */
record CustomKind(String name, Set<String> served) {
    CustomKind {
        served = Set.copyOf(served);
    }
}
