package dev.weft.ingress.nginx;

import dev.weft.config.IngressConfig;
import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Ingress;
import dev.weft.ingress.cluster.IngressClass;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.kube.ObjectKey;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which Ingresses are served: those of a class whose controller is Weft's, or whose name is told in the configuration, so that
 * another controller's can be taken over; those without any if the default class is such a one.
 */
final class Classes {
    /** What named a class before there was a field for it. */
    private static final String ANNOTATION = "kubernetes.io/ingress.class";

    private final Set<String> names;
    private final boolean withoutClass;

    /** @param more names of classes besides those of Weft's controller */
    Classes(Cluster cluster, Set<String> more) {
        names = new HashSet<>(more);
        for (IngressClass found : cluster.all(Kinds.INGRESS_CLASSES).values()) {
            if (found.controller().equals(IngressConfig.CONTROLLER)) {
                names.add(found.name());
            }
        }
        withoutClass = names.stream()
                .map(name -> cluster.get(Kinds.INGRESS_CLASSES, ObjectKey.of(name)))
                .flatMap(Optional::stream)
                .anyMatch(IngressClass::isDefault);
    }

    boolean serves(Ingress ingress) {
        return ingress.className()
                .or(() -> Optional.ofNullable(ingress.annotations().get(ANNOTATION)))
                .map(names::contains)
                .orElse(withoutClass);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Classes that && names.equals(that.names) && withoutClass == that.withoutClass;
    }

    @Override
    public int hashCode() {
        return names.hashCode();
    }
}
