package dev.weft.e2e.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KnownCausesTest {
    @Test
    void readsTestsWithTheirCauses() {
        assertThat(KnownCauses.parse("""
                        # for people
                        Services should fly
                            They have
                            no wings.

                        Feature:Wings
                            None.
                        """))
                .isEqualTo(Map.of("Services should fly", "They have no wings.", "Feature:Wings", "None."));
    }

    @Test
    void refusesTestsWithoutCausesAndCausesWithoutTests() {
        assertThatIllegalArgumentException().isThrownBy(() -> KnownCauses.parse("Services should fly\n"));
        assertThatIllegalArgumentException().isThrownBy(() -> KnownCauses.parse("    no wings\n"));
    }

    @Test
    void theCommittedListsCanBeRead() {
        KnownCauses known = KnownCauses.of(List.of("lab", "weft", "kube-proxy", "no-sctp"));
        assertThat(known.of("[It] [sig-network] Services should work after restarting apiserver [Disruptive]"))
                .isPresent();
        assertThat(known.of("[It] [sig-network] Services should be rejected when no endpoints exist"))
                .isEmpty();
    }
}
