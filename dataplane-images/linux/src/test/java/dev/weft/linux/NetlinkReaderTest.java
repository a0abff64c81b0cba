package dev.weft.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.testkit.Seeded;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NetlinkReaderTest {
    @Test
    void attributesArePaddedToFourBytes() {
        byte[] bytes = new NetlinkWriter()
                .attr(1, "eth0")
                .attrU8(2, 7)
                .attrBe16(3, 0x1234)
                .nest(4)
                .attrU32(1, 1)
                .endNest()
                .toBytes();

        assertThat(HexFormat.of().formatHex(bytes))
                .isEqualTo("09000100" + "65746830" + "00000000" // string
                        + "05000200" + "07000000"
                        + "06000300" + "12340000"
                        + "0c000480" + "08000100" + "01000000");
    }

    @Test
    void whatIsWrittenIsRead() {
        NetlinkMessage message = new NetlinkWriter(1)
                .u16(10)
                .u16(20)
                .u32(30)
                .attr(1, "name")
                .attrU8(2, 255)
                .attrU16(3, 65535)
                .attrU32(4, -1)
                .attrU64(5, Long.MIN_VALUE)
                .attrBe16(6, 80)
                .attrBe32(7, 1)
                .attrBe64(8, 2)
                .attr(9)
                .attr(10, new byte[] {1, 2, 3})
                .nest(11)
                .attr(1, "inner")
                .endNest()
                .message(16, 0);
        NetlinkReader reader = NetlinkReader.of(message, 8);

        assertThat(reader.header().u16(2)).isEqualTo(20);
        assertThat(reader.header().i32(4)).isEqualTo(30);
        assertThat(next(reader, 1).string()).isEqualTo("name");
        assertThat(next(reader, 2).u8()).isEqualTo(255);
        assertThat(next(reader, 3).u16()).isEqualTo(65535);
        assertThat(next(reader, 4).u32()).isEqualTo(0xffffffffL);
        assertThat(next(reader, 5).u64()).isEqualTo(Long.MIN_VALUE);
        assertThat(next(reader, 6).be16()).isEqualTo(80);
        assertThat(next(reader, 7).be32()).isEqualTo(1);
        assertThat(next(reader, 8).be64()).isEqualTo(2);
        assertThat(next(reader, 9).length()).isZero();
        assertThat(next(reader, 10).bytes()).containsExactly(1, 2, 3);
        NetlinkReader nested = next(reader, 11).nested();
        assertThat(next(nested, 1).string()).isEqualTo("inner");
        assertThat(nested.next()).isFalse();
        assertThat(reader.next()).isFalse();
    }

    private static NetlinkReader next(NetlinkReader reader, int type) {
        assertThat(reader.next()).isTrue();
        assertThat(reader.type()).isEqualTo(type);
        return reader;
    }

    @Test
    void lengthsThatCannotBeAreRefused() {
        assertThatThrownBy(() -> NetlinkReader.of(new byte[3], 0, 3, 4)).isInstanceOf(NetlinkFormatException.class);
        assertThatThrownBy(() -> first("0300010000000000")).isInstanceOf(NetlinkFormatException.class);
        assertThatThrownBy(() -> first("0900010000000000")).isInstanceOf(NetlinkFormatException.class);
        assertThatThrownBy(() -> first("040001")).isInstanceOf(NetlinkFormatException.class);
        assertThatThrownBy(() -> first("0500010001000000").i32()).isInstanceOf(NetlinkFormatException.class);
        assertThatThrownBy(() -> first("0500010001000000").fields().u8(1)).isInstanceOf(NetlinkFormatException.class);
    }

    private static NetlinkReader first(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        NetlinkReader reader = NetlinkReader.of(bytes, 0, bytes.length, 0);
        assertThat(reader.next()).isTrue();
        return reader;
    }

    @Test
    void anAttributeHoldsNoMoreThanItsLengthSays() {
        assertThatThrownBy(() -> new NetlinkWriter().attr(1, new byte[65532]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> new NetlinkWriter().nest(1).bytes(new byte[65532]).endNest())
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new NetlinkWriter().attr(1, new byte[65531]).length()).isEqualTo(65536);
    }

    /** Random and damaged bytes end in values or in the one exception, never in another one or a loop. */
    @Test
    void noBytesBreakTheReader() {
        Seeded.loop(20_000, random -> {
            byte[] bytes = random.nextBoolean() ? damaged(random) : randomBytes(random, 80);
            try {
                walk(NetlinkReader.of(bytes, 0, bytes.length, random.nextInt(20)), 0);
            } catch (NetlinkFormatException expected) {
                assertThat(expected).hasMessageNotContaining("null");
            }
        });
    }

    @Test
    void noBytesBreakTheFrames() {
        Seeded.loop(20_000, random -> {
            byte[] bytes = randomBytes(random, 120);
            if (bytes.length >= 6 && random.nextInt(4) > 0) {
                bytes[0] = (byte) random.nextInt(bytes.length + 2);
                bytes[1] = 0;
                bytes[2] = 0;
                bytes[3] = 0;
                bytes[4] = (byte) NetlinkFrame.NLMSG_ERROR;
                bytes[5] = 0;
            }
            try {
                for (NetlinkFrame frame : NetlinkFrame.parse(MemorySegment.ofArray(bytes))) {
                    frame.answer();
                    frame.doneErrno();
                }
            } catch (NetlinkFormatException expected) {
                assertThat(expected).hasMessageNotContaining("null");
            }
        });
    }

    private static void walk(NetlinkReader reader, int depth) {
        while (reader.next()) {
            reader.string();
            reader.bytes();
            switch (reader.length() % 5) {
                case 0 -> reader.u8();
                case 1 -> reader.i32();
                case 2 -> reader.u64();
                case 3 -> reader.fields().be32(reader.length());
                default -> reader.be16();
            }
            if (depth < 8) {
                walk(reader.nested(), depth + 1);
            }
        }
    }

    private static byte[] randomBytes(Random random, int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static byte[] damaged(Random random) {
        NetlinkWriter writer = new NetlinkWriter().u64(random.nextLong());
        for (int i = 0; i < 4; i++) {
            writer.nest(i).attr(1, randomBytes(random, 9)).attr(2, "x").endNest();
        }
        byte[] bytes = writer.toBytes();
        for (int i = random.nextInt(4); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return Arrays.copyOf(bytes, bytes.length - random.nextInt(6));
    }
}
