package dev.weft.ingress.cluster;

import dev.weft.kube.EndpointSlice;
import dev.weft.kube.KindSpec;
import dev.weft.kube.Namespace;
import java.util.List;

/** The kinds that both compilers read. */
public final class Kinds {
    public static final Kind<Service> SERVICES =
            new Kind<>(new KindSpec<>("Service", "/api/v1/services", "", "", ServiceDraft::new), Service.class, true);

    /** Those of headless Services too, which node proxies pass over. */
    public static final Kind<EndpointSlice> ENDPOINT_SLICES =
            new Kind<>(KindSpec.endpointSlices().withLabelSelector(""), EndpointSlice.class, true);

    public static final Kind<Namespace> NAMESPACES = new Kind<>(KindSpec.namespaces(), Namespace.class, false);

    public static final Kind<Ingress> INGRESSES = new Kind<>(
            new KindSpec<>("Ingress", "/apis/networking.k8s.io/v1/ingresses", "", "", IngressDraft::new),
            Ingress.class,
            true);

    public static final Kind<IngressClass> INGRESS_CLASSES = new Kind<>(
            new KindSpec<>("IngressClass", "/apis/networking.k8s.io/v1/ingressclasses", "", "", IngressClassDraft::new),
            IngressClass.class,
            false);

    /** Never watched as a whole: each one that is referred to by its name. */
    public static final Kind<Secret> SECRETS =
            new Kind<>(new KindSpec<>("Secret", "/api/v1/secrets", "", "", SecretDraft::new), Secret.class, true);

    /** Likewise. */
    public static final Kind<ConfigMap> CONFIG_MAPS = new Kind<>(
            new KindSpec<>("ConfigMap", "/api/v1/configmaps", "", "", ConfigMapDraft::new), ConfigMap.class, true);

    /** What is watched as a whole for Ingresses. */
    public static final List<Kind<?>> FOR_INGRESSES = List.of(SERVICES, ENDPOINT_SLICES, INGRESSES, INGRESS_CLASSES);

    /** All of these. */
    public static final List<Kind<?>> ALL =
            List.of(SERVICES, ENDPOINT_SLICES, NAMESPACES, INGRESSES, INGRESS_CLASSES, SECRETS, CONFIG_MAPS);

    private Kinds() {}
}
