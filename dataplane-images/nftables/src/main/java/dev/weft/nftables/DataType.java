package dev.weft.nftables;

import dev.weft.net.Ip;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The type of one field of a key or value.
 *
 * @param id nft's number for it ({@code enum datatypes} of nftables' datatype.h), which the kernel only keeps
 * @param name nft's word
 * @param length bytes, without the padding inside concatenations
 * @param order of numbers in it
 */
public record DataType(int id, String name, int length, Order order) {
    public static final DataType NFPROTO = new DataType(2, "nf_proto", 1, Order.HOST);
    /** A number of 32 bits without a name of its own, such as what numgen gives: nft shows it by typeof. */
    public static final DataType SLOT = new DataType(4, "integer", 4, Order.HOST);

    public static final DataType IPV4_ADDR = new DataType(7, "ipv4_addr", 4, Order.BIG);
    public static final DataType IPV6_ADDR = new DataType(8, "ipv6_addr", 16, Order.BIG);
    public static final DataType ETHER_ADDR = new DataType(9, "ether_addr", 6, Order.BIG);
    public static final DataType INET_PROTO = new DataType(12, "inet_proto", 1, Order.BIG);
    public static final DataType INET_SERVICE = new DataType(13, "inet_service", 2, Order.BIG);
    public static final DataType ICMP_TYPE = new DataType(14, "icmp_type", 1, Order.BIG);
    public static final DataType TCP_FLAGS = new DataType(15, "tcp_flag", 1, Order.BIG);
    public static final DataType MARK = new DataType(19, "mark", 4, Order.HOST);
    public static final DataType IFINDEX = new DataType(20, "iface_index", 4, Order.HOST);
    /** nft shows it as two halves in hex, {@code 1:2}. */
    public static final DataType CLASSID = new DataType(23, "classid", 4, Order.HOST);

    public static final DataType CT_STATE = new DataType(26, "ct_state", 4, Order.HOST);
    public static final DataType CT_DIR = new DataType(27, "ct_dir", 1, Order.HOST);
    public static final DataType CT_STATUS = new DataType(28, "ct_status", 4, Order.HOST);
    public static final DataType ICMPV6_TYPE = new DataType(29, "icmpv6_type", 1, Order.BIG);
    public static final DataType PKT_TYPE = new DataType(31, "pkt_type", 1, Order.HOST);
    public static final DataType FIB_ADDRTYPE = new DataType(38, "fib_addrtype", 4, Order.HOST);
    public static final DataType IFNAME = new DataType(41, "ifname", 16, Order.HOST);

    private static final Map<Integer, DataType> BY_ID = Stream.of(
                    NFPROTO,
                    SLOT,
                    IPV4_ADDR,
                    IPV6_ADDR,
                    ETHER_ADDR,
                    INET_PROTO,
                    INET_SERVICE,
                    ICMP_TYPE,
                    TCP_FLAGS,
                    MARK,
                    IFINDEX,
                    CLASSID,
                    CT_STATE,
                    CT_DIR,
                    CT_STATUS,
                    ICMPV6_TYPE,
                    PKT_TYPE,
                    FIB_ADDRTYPE,
                    IFNAME)
            .collect(Collectors.toUnmodifiableMap(DataType::id, Function.identity()));

    public DataType {
        if (id < 0 || id > 63) {
            throw new IllegalArgumentException("a type id has 6 bits: " + id);
        }
        if (length < 1 || length > Data.MAX_LENGTH) {
            throw new IllegalArgumentException("a field has 1 to 64 bytes, not " + length);
        }
    }

    /** Bytes that others declared with a type this module does not know. */
    static DataType opaque(int length) {
        return new DataType(0, "opaque", length, Order.BIG);
    }

    static Optional<DataType> ofId(int id) {
        return Optional.ofNullable(BY_ID.get(id));
    }

    /** Bytes in a concatenation: the length, filled up to whole 32-bit registers. */
    int paddedLength() {
        return (length + 3) & ~3;
    }

    /**
     * A value of this type as bytes.
     *
     * @param value an {@link Ip}, {@link Integer}, interface name (a trailing {@code *} matches any rest) or {@link Data}
     * @throws IllegalArgumentException if the value does not fit the type
     */
    Data encode(Object value) {
        Data data = switch (value) {
            case Data raw -> raw;
            case Ip ip -> Data.of(ip);
            case Integer number -> number(number);
            case String text when this.equals(IFNAME) -> interfaceName(text);
            default -> throw new IllegalArgumentException(name + " takes no " + value.getClass() + ": " + value);
        };
        if (data.length() != length && !(this.equals(IFNAME) && data.length() < length)) {
            throw new IllegalArgumentException(
                    name + " has " + length + " bytes, and " + value + " has " + data.length());
        }
        return data;
    }

    private Data number(int number) {
        if (length > 4) {
            throw new IllegalArgumentException(name + " is no number: " + number);
        }
        if (length < 4 && (number < 0 || number >= (1 << (8 * length)))) {
            throw new IllegalArgumentException(number + " does not fit " + name);
        }
        return order == Order.BIG ? Data.bigEndian(number, length) : Data.hostOrder(number, length);
    }

    /** A name, NUL-padded to the full 16 bytes; of {@code abc*} only the three bytes, so that a compare sees no more. */
    private static Data interfaceName(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || bytes.length > 15 || text.equals("*")) {
            throw new IllegalArgumentException("'" + text + "' is no interface name: 1 to 15 bytes");
        }
        if (text.endsWith("*")) {
            return Data.of(text.substring(0, text.length() - 1).getBytes(StandardCharsets.UTF_8));
        }
        return Data.of(Arrays.copyOf(bytes, 16));
    }

    /** How a type's bytes are ordered: on the wire's order or the machine's. */
    public enum Order {
        HOST,
        BIG
    }
}
