package dev.weft.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.weft.linux.XTablesRules.Hooks;
import dev.weft.net.Family;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged tables are refused or read, and never read beyond their end. */
class XTablesRulesTest {
    private static final long SEED = Long.getLong("seed", 1);
    private static final int STANDARD = 152;
    private static final int ERROR = 176;

    /** A policy, a rule that jumps, a chain of one rule, the end. */
    private static byte[] table() {
        ByteBuffer table = ByteBuffer.allocate(3 * STANDARD + 2 * ERROR).order(ByteOrder.nativeOrder());
        int chain = 2 * STANDARD + ERROR;
        put(table, 0, STANDARD, "", chain);
        put(table, STANDARD, STANDARD, "", -2);
        put(table, 2 * STANDARD, ERROR, "GONE", 0);
        put(table, chain, STANDARD, "", -5);
        put(table, chain + STANDARD, ERROR, "ERROR", 0);
        return table.array();
    }

    private static void put(ByteBuffer table, int at, int length, String chain, int verdict) {
        table.putShort(at + 88, (short) 112).putShort(at + 90, (short) length).putLong(at + 96, at);
        table.putShort(at + 112, (short) (length - 112));
        if (chain.isEmpty()) {
            table.putInt(at + 144, verdict);
        } else {
            table.put(at + 114, "ERROR".getBytes(StandardCharsets.US_ASCII));
            table.put(at + 144, chain.getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void a_chain_goes_with_the_rule_that_jumps_to_it() {
        try (Arena arena = Arena.ofConfined()) {
            XTablesRules rules = rules(table(), 5);
            assertThat(rules.has("GONE"::equals)).isTrue();
            assertThat(rules.has("ERROR"::equals)).isFalse();
            XTablesRules.Without left = rules.without("GONE"::equals, arena);
            assertThat(left.count()).isEqualTo(2);
            assertThat(left.entries().byteSize()).isEqualTo(STANDARD + ERROR);
            assertThat(left.hooks().entry().get(1)).isZero();
            assertThat(left.hooks().underflow().get(1)).isZero();
        }
    }

    @Test
    void damaged_tables() {
        Random random = new Random(SEED);
        byte[] table = table();
        for (int i = 0; i < 20_000; i++) {
            byte[] damaged = random.nextInt(4) == 0 ? Arrays.copyOf(table, random.nextInt(900)) : table.clone();
            for (int n = random.nextInt(4); n >= 0 && damaged.length > 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            readsOrIsRefused(damaged, random.nextInt(7));
        }
    }

    @FuzzTest(maxDuration = "60s")
    void any_bytes(byte[] bytes) {
        readsOrIsRefused(bytes, 1 + bytes.length / ERROR);
    }

    private static void readsOrIsRefused(byte[] bytes, int count) {
        try (Arena arena = Arena.ofConfined()) {
            XTablesRules.Without left = rules(bytes, count).without(name -> name.startsWith("G"), arena);
            assertThat(left.entries().byteSize()).isLessThanOrEqualTo(bytes.length);
        } catch (LinuxException e) {
            assertThat(e.errno()).isEqualTo(Errno.EINVAL);
        }
    }

    private static XTablesRules rules(byte[] bytes, int count) {
        Hooks hooks = new Hooks(2, List.of(0, 0, 0, 0, 0), List.of(0, STANDARD, 0, 0, 0));
        return new XTablesRules(Family.IPV4, hooks, MemorySegment.ofArray(bytes), count);
    }
}
