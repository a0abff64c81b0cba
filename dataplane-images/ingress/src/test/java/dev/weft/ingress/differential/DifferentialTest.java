package dev.weft.ingress.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.nginx.Catalog;
import dev.weft.kube.EventNote;
import dev.weft.testkit.FreePort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * nginx, told what an annotation means, and Weft, given the annotation, answer the same requests the same and ask backends the
 * same. The cases are files, see {@code src/test/resources/differential/README.md}.
 */
class DifferentialTest {
    private static final Path FOLDER = Path.of("src/test/resources/differential");
    private static final List<String> INCLUDED = List.of("proxy.conf", "grpc.conf", "auth.conf", "error.conf");

    private static Bed bed;
    private static List<Pattern> ignored;

    @TempDir
    private Path folder;

    private record Asked(List<List<String>> lines, int logged) {}

    @BeforeAll
    static void start() throws Exception {
        ignored = Case.table("ignored.yaml").keySet().stream()
                .map(Pattern::compile)
                .toList();
        bed = new Bed();
    }

    @AfterAll
    static void stop() throws Exception {
        bed.close();
    }

    static List<Case> cases() throws IOException {
        return Case.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void both_do_the_same(Case each) throws Exception {
        Asked nginx = askNginx(each);
        Asked weft = askWeft(each);
        Set<Case.Difference> found = new HashSet<>();
        StringBuilder wrong = new StringBuilder();
        for (int i = 0; i < each.requests().size(); i++) {
            String differs = differs(
                    without(weft.lines().get(i), nginx.lines().get(i)),
                    without(nginx.lines().get(i), weft.lines().get(i)),
                    each.differences(),
                    found);
            if (!differs.isEmpty()) {
                wrong.append("\n> ").append(each.requests().get(i)).append('\n').append(differs);
            }
        }
        assertThat(wrong.toString()).as(each.name()).isEmpty();
        assertThat(each.differences()).as("differences that are none").allMatch(found::contains);
        if (each.logged()) {
            assertThat(weft.logged()).as("lines of the access log").isEqualTo(nginx.logged());
        }
    }

    /** What is left of the lines that one side alone has; empty if it is all known. */
    private static String differs(
            List<String> weft, List<String> nginx, List<Case.Difference> known, Set<Case.Difference> found) {
        for (Case.Difference difference : known) {
            boolean removed =
                    weft.removeIf(line -> difference.weft().matcher(line).matches());
            removed |= nginx.removeIf(line -> difference.nginx().matcher(line).matches());
            if (removed) {
                found.add(difference);
            }
        }
        return nginx.stream().map(line -> "  nginx: " + line + "\n").collect(Collectors.joining())
                + weft.stream().map(line -> "  Weft:  " + line + "\n").collect(Collectors.joining());
    }

    /** Each line of the second takes away one of the first. */
    private static List<String> without(List<String> lines, List<String> others) {
        List<String> left = new ArrayList<>(lines);
        others.forEach(left::remove);
        return left;
    }

    private Asked askNginx(Case each) throws Exception {
        int http = FreePort.next();
        int https = FreePort.next();
        List<List<String>> lines;
        Map<String, String> files = bed.files();
        for (String name : INCLUDED) {
            files.put(name, Files.readString(FOLDER.resolve(name)));
        }
        files.putAll(each.nginx().files());
        NginxServer nginx = new NginxServer(folder, configuration(each, http, https), files, http);
        try (nginx) {
            lines = new Side(each, bed, http, https, ignored).ask();
        }
        return new Asked(lines, nginx.logged());
    }

    private String configuration(Case each, int http, int https) throws IOException {
        Case.Nginx text = each.nginx();
        boolean passedOn = text.main().contains("{https}");
        String locations = text.locations().isEmpty()
                ? "location / {\ninclude proxy.conf;\n" + text.location() + "\nproxy_pass http://web;\n}\n"
                : text.locations();
        return bed.fill(Files.readString(FOLDER.resolve("nginx.conf"))
                .replace("{http}", Integer.toString(http))
                .replace("{https}", Integer.toString(passedOn ? FreePort.next() : https))
                .replace("{upstreams}", bed.upstreams())
                .replace("{case main}", text.main().replace("{https}", Integer.toString(https)))
                .replace("{case http}", text.http())
                .replace("{case server}", text.server())
                .replace("{case locations}", locations));
    }

    private Asked askWeft(Case each) throws Exception {
        int http = FreePort.next();
        int https = FreePort.next();
        String objects = bed.fill(bed.objects() + IngressObjects.of(each, bed));
        WeftServer weft = new WeftServer(objects, bed.certificate("server"), http, https);
        List<List<String>> lines;
        try (weft) {
            assertThat(weft.notes()).extracting(EventNote::reason).containsExactlyInAnyOrderElementsOf(each.notes());
            lines = new Side(each, bed, http, https, ignored).ask();
        }
        return new Asked(lines, weft.logged());
    }

    @Test
    void every_annotation_that_is_read_is_compared() throws IOException {
        Set<String> supported = Catalog.all().stream()
                .filter(entry -> switch (entry.support()) {
                    case READ, PARTLY -> true;
                    case NO_EFFECT, UNSUPPORTED, REFUSED -> false;
                })
                .map(Catalog.Entry::name)
                .collect(Collectors.toSet());
        Set<String> compared = Case.all().stream()
                .flatMap(each -> each.ingresses().stream())
                .flatMap(ingress -> ingress.annotations().keySet().stream())
                .collect(Collectors.toSet());
        Map<String, String> not = Case.table("not-compared.yaml");
        assertThat(supported).as("compared, or listed as not comparable").isSubsetOf(union(compared, not.keySet()));
        assertThat(not.keySet()).as("not compared").isSubsetOf(supported).doesNotContainAnyElementsOf(compared);
    }

    private static Set<String> union(Set<String> one, Set<String> other) {
        Set<String> both = new HashSet<>(one);
        both.addAll(other);
        return both;
    }
}
