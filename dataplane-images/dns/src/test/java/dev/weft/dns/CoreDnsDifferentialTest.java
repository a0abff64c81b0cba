package dev.weft.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;

/**
 * CoreDNS and Weft watch the same API server and are asked the same ten thousand questions. Where they differ, the
 * difference is one that {@link CoreDnsDifferences} names. Runs where {@link CoreDnsBeside} finds its programs.
 */
class CoreDnsDifferentialTest {
    private static final int QUESTIONS = 10_000;

    @TempDir
    private Path folder;

    @Test
    void answersAreTheSame() throws Exception {
        CoreDnsObjects objects = new CoreDnsObjects();
        Map<String, Integer> justified = new TreeMap<>();
        List<String> wrong = new ArrayList<>();
        try (CoreDnsBeside both = CoreDnsBeside.start(folder, objects)) {
            Random random = new Random(Long.getLong("seed", 1));
            for (int i = 0; i < QUESTIONS; i++) {
                Message question = objects.question(random);
                boolean tcp = random.nextInt(3) == 0;
                Message mine = CoreDnsBeside.ask(both.ours(), question, tcp);
                Message other = CoreDnsBeside.ask(both.theirs(), question, tcp);
                CoreDnsDifferences.between(question, mine, other).ifPresent(difference -> {
                    if (difference.justified()) {
                        justified.merge(difference.text(), 1, Integer::sum);
                    } else if (wrong.size() < 40) {
                        wrong.add(difference.text());
                    }
                });
            }
        }
        System.out.println(QUESTIONS + " questions; justified differences: " + justified);
        assertThat(wrong).isEmpty();
    }
}
