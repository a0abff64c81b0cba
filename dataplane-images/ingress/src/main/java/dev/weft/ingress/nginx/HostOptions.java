package dev.weft.ingress.nginx;

import dev.weft.ingress.cluster.Secret;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.TlsTermination.ClientAuth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is true for a whole host, whichever Ingress of it says so first.
 *
 * @param appRoot where its root is sent
 * @param aliases further names
 * @param passthrough whether TLS goes on to the backend
 * @param clients who may come with which certificate
 * @param subject what their names have to be
 * @param closed whether certificates were asked for in a way that cannot be read: everything is answered with 403
 * @param www whether the same name with or without {@code www.} is sent here
 */
record HostOptions(
        Optional<String> appRoot,
        List<HostPattern> aliases,
        boolean passthrough,
        Optional<ClientAuth> clients,
        Optional<Filter> subject,
        boolean closed,
        boolean www) {
    private static final Pattern NAME = Pattern.compile("(\\*\\.)?[A-Za-z0-9]([A-Za-z0-9\\-.]*[A-Za-z0-9])?");

    HostOptions {
        aliases = List.copyOf(aliases);
    }

    static HostOptions read(Reading in) {
        Annotations annotations = in.annotations();
        Optional<ClientAuth> clients = clients(in);
        return new HostOptions(
                Redirects.appRoot(annotations),
                aliases(annotations),
                annotations.isTrue("ssl-passthrough"),
                clients,
                clients.isPresent() ? subject(annotations) : Optional.empty(),
                clients.isEmpty() && annotations.has("auth-tls-secret") && !isOff(annotations),
                annotations.isTrue("from-to-www-redirect"));
    }

    private static boolean isOff(Annotations annotations) {
        return verify(annotations).equals("off");
    }

    private static String verify(Annotations annotations) {
        return annotations
                .word("auth-tls-verify-client", "on", "off", "optional", "optional_no_ca")
                .orElse("on");
    }

    private static List<HostPattern> aliases(Annotations annotations) {
        List<HostPattern> aliases = new ArrayList<>();
        for (String alias : annotations.list("server-alias")) {
            if (NAME.matcher(alias).matches()) {
                // nginx' own wildcards stand for any number of labels.
                aliases.add(HostPattern.of(alias, HostPattern.Kind.LABELS));
            } else {
                annotations.problem("server-alias", "'" + alias + "' is neither a name nor *. and a name");
            }
        }
        return aliases;
    }

    private static Optional<ClientAuth> clients(Reading in) {
        Annotations annotations = in.annotations();
        if (!annotations.has("auth-tls-secret") || isOff(annotations)) {
            return Optional.empty();
        }
        Optional<Secret> secret = in.secret("auth-tls-secret");
        String authorities =
                secret.map(found -> found.data().getOrDefault("ca.crt", "")).orElse("");
        if (secret.isPresent() && !Certificates.isChain(authorities)) {
            in.deny("auth-tls-secret", "the Secret " + secret.get().key() + " has no certificates in ca.crt");
            return Optional.empty();
        }
        if (secret.isPresent() && secret.get().data().containsKey("ca.crl")) {
            in.note("UnsupportedAnnotation", "auth-tls-secret: the revocation list ca.crl is not read");
        }
        ClientAuth.Mode mode = switch (verify(annotations)) {
            case "optional" -> ClientAuth.Mode.OPTIONAL;
            case "optional_no_ca" -> ClientAuth.Mode.UNVERIFIED;
            default -> ClientAuth.Mode.REQUIRED;
        };
        int depth = annotations.number("auth-tls-verify-depth", 1, 10).orElse(1);
        boolean pass = annotations.isTrue("auth-tls-pass-certificate-to-upstream");
        return secret.map(found -> new ClientAuth(authorities, mode, depth, pass));
    }

    private static Optional<Filter> subject(Annotations annotations) {
        Optional<String> name = annotations.text("auth-tls-match-cn");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        // What cannot be read fits nobody.
        Pattern pattern = Pattern.compile("(?!)");
        if (!name.get().startsWith("CN=")) {
            annotations.problem("auth-tls-match-cn", "it does not begin with CN=; nobody passes");
        } else {
            try {
                pattern = Pcre.exact(name.get());
            } catch (IllegalArgumentException e) {
                annotations.problem("auth-tls-match-cn", e.getMessage() + "; nobody passes");
            }
        }
        return Optional.of(new Filter.ClientSubject(pattern));
    }
}
