package dev.weft.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonValueTest {
    private static final String TEXT = """
            {"conditions":[{"type":"Accepted","observedGeneration":3,"ok":true,"no":false,"nothing":null}],
             "addresses":[],"share":0.5,"far":123456789012345678901234567890,"since":4294967296}""";

    @Test
    void keeps_what_is_there() throws KubeException {
        Map<?, ?> fields = (Map<?, ?>) Objects.requireNonNull(read(TEXT.getBytes(StandardCharsets.UTF_8)));
        assertThat(fields.get("addresses")).isEqualTo(List.of());
        assertThat(fields.get("share")).isEqualTo(0.5);
        assertThat(fields.get("far")).isEqualTo(1.2345678901234568E29);
        assertThat(fields.get("since")).isEqualTo(4294967296L);
        List<?> conditions = (List<?>) Objects.requireNonNull(fields.get("conditions"));
        Map<?, ?> condition = (Map<?, ?>) conditions.getFirst();
        assertThat(condition.keySet()).hasToString("[type, observedGeneration, ok, no, nothing]");
        assertThat(condition.get("observedGeneration")).isEqualTo(3L);
        assertThat(condition.get("nothing")).isNull();
    }

    @Test
    void any_bytes_read_or_are_refused() {
        byte[] good = TEXT.getBytes(StandardCharsets.UTF_8);
        for (int seed = 0; seed < 10_000; seed++) {
            Random random = new Random(seed);
            byte[] bytes = good.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                read(bytes);
            } catch (KubeException e) {
                assertThat(e).as("seed %d", seed).isInstanceOf(KubeFormatException.class);
            }
        }
    }

    private static @Nullable Object read(byte[] json) throws KubeException {
        try (JsonInput in = new JsonInput(new ByteArrayInputStream(json))) {
            in.advance();
            return in.value();
        }
    }
}
