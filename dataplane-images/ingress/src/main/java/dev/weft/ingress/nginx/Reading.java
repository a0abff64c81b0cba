package dev.weft.ingress.nginx;

import dev.weft.ingress.cluster.ConfigMap;
import dev.weft.ingress.cluster.Ingress;
import dev.weft.ingress.cluster.Secret;
import dev.weft.ingress.cluster.Service;
import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.route.UpstreamId;
import dev.weft.kube.EventNote;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** An Ingress while it is read: what it is made of, and what comes of that besides the values. */
final class Reading {
    private final Ingress ingress;
    private final Annotations annotations;
    private final Reads reads;
    private final int httpsPort;
    private final Set<UpstreamPlan> plans = new HashSet<>();
    private final Set<EventNote> notes = new LinkedHashSet<>();
    private final List<String> denials = new ArrayList<>(0);

    /** @param httpsPort where the proxy itself is asked, for what leads back to it */
    Reading(Ingress ingress, Reads reads, int httpsPort) {
        this.ingress = ingress;
        this.annotations = new Annotations(ingress.annotations());
        this.reads = reads;
        this.httpsPort = httpsPort;
    }

    Ingress ingress() {
        return ingress;
    }

    Annotations annotations() {
        return annotations;
    }

    Reads reads() {
        return reads;
    }

    int httpsPort() {
        return httpsPort;
    }

    /** Everything of this Ingress is answered with 503, as ingress-nginx denies locations: better than to let pass unguarded. */
    void deny(String annotation, String why) {
        denials.add(annotation + ": " + why);
    }

    boolean isDenied() {
        return !denials.isEmpty();
    }

    UpstreamId use(UpstreamPlan plan) {
        plans.add(plan);
        return plan.id();
    }

    Set<UpstreamPlan> plans() {
        return plans;
    }

    void note(String reason, String text) {
        notes.add(new EventNote(true, ingress.reference(), reason, "Compile", text));
    }

    /** All that people should be told. */
    List<EventNote> notes() {
        annotations
                .problems()
                .forEach((name, what) -> note("InvalidAnnotation", name + ": " + what + "; it counts as not given"));
        denials.forEach(why -> note("Denied", "every request is answered with 503: " + why));
        for (String name : annotations.names()) {
            Optional<Catalog.Entry> entry = Catalog.find(name);
            if (entry.isEmpty()) {
                note("UnknownAnnotation", name + " is not known and has no effect");
            } else if (entry.get().support() == Catalog.Support.UNSUPPORTED) {
                note("UnsupportedAnnotation", sentence(name + " has no effect", entry.get()));
            } else if (entry.get().support() == Catalog.Support.REFUSED) {
                note("RefusedAnnotation", sentence(name + " has no effect", entry.get()));
            }
        }
        return List.copyOf(notes);
    }

    private static String sentence(String what, Catalog.Entry entry) {
        return entry.says().isEmpty() ? what : what + ": " + entry.says();
    }

    /** A name in an annotation: of this namespace, alone or as {@code namespace/name}; another namespace is denied. */
    private Optional<ObjectKey> name(String annotation) {
        Optional<String> text = annotations.text(annotation);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String[] parts = text.get().split("/", -1);
        String name = parts[parts.length - 1];
        if (parts.length > 2 || name.isEmpty()) {
            deny(annotation, "'" + text.get() + "' is no name");
            return Optional.empty();
        }
        if (parts.length == 2 && !parts[0].equals(ingress.key().namespace())) {
            deny(annotation, "'" + text.get() + "' is in another namespace than the Ingress");
            return Optional.empty();
        }
        return Optional.of(new ObjectKey(ingress.key().namespace(), name));
    }

    /** The Secret that an annotation names; denied if it is not there. */
    Optional<Secret> secret(String annotation) {
        Optional<ObjectKey> key = name(annotation);
        Optional<Secret> secret = key.flatMap(reads::secret);
        if (key.isPresent() && secret.isEmpty()) {
            deny(annotation, "there is no Secret " + key.get());
        }
        return secret;
    }

    /** The ConfigMap that an annotation names; denied if it is not there. */
    Optional<ConfigMap> configMap(String annotation) {
        Optional<ObjectKey> key = name(annotation);
        Optional<ConfigMap> configMap = key.flatMap(reads::configMap);
        if (key.isPresent() && configMap.isEmpty()) {
            deny(annotation, "there is no ConfigMap " + key.get());
        }
        return configMap;
    }

    /** A Service of the Ingress' namespace. */
    Optional<Service> service(String name) {
        return name.isEmpty()
                ? Optional.empty()
                : reads.service(new ObjectKey(ingress.key().namespace(), name));
    }

    /** Addresses and networks; denied if one is none. */
    List<Cidr> guard(String... names) {
        return networks(wrong -> deny(names[0], wrong), names);
    }

    /** Addresses and networks; those that are none are left out. */
    List<Cidr> networks(String... names) {
        return networks(wrong -> annotations.problem(names[0], wrong), names);
    }

    private List<Cidr> networks(Consumer<String> wrong, String... names) {
        List<Cidr> networks = new ArrayList<>();
        for (String item : annotations.list(names)) {
            try {
                int slash = item.indexOf('/');
                networks.add(
                        slash < 0
                                ? Cidr.host(Ip.parse(item))
                                : Cidr.containing(
                                        Ip.parse(item.substring(0, slash)),
                                        Integer.parseInt(item.substring(slash + 1))));
            } catch (IllegalArgumentException e) {
                wrong.accept("'" + item + "' is neither an address nor a network");
            }
        }
        return networks;
    }
}
