package dev.weft.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.weft.linux.XTablesRules.Hooks;
import dev.weft.net.Family;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The old iptables (xtables; not the one that is nftables within) of a network namespace, as far as removing others'
 * chains asks for. A table is one block of memory that is read and replaced as a whole; rules are no values here.
 *
 * <p>One thread at a time, in the network namespace that it was opened in.
 */
public final class XTables implements AutoCloseable {
    // linux/netfilter_ipv4/ip_tables.h, and ip6_tables.h with the same numbers.
    private static final int GET_INFO = 64;
    private static final int GET_ENTRIES = 65;
    private static final int SET_REPLACE = 64;
    private static final int SET_ADD_COUNTERS = 65;

    private static final int SOL_IP = 0;
    private static final int SOL_IPV6 = 41;

    private static final int NAME_BYTES = 32;
    private static final int INFO_BYTES = 84;
    private static final int GET_ENTRIES_HEADER = 40;
    private static final int COUNTERS_HEADER = 40;
    private static final int REPLACE_HEADER = 96;
    private static final int REPLACE_COUNTERS = 88;

    /** A table that others change all the time is not worth more. */
    private static final int TRIES = 10;

    private final Family family;
    private final Fd socket;
    private final Map<Question, Answer> answers = new HashMap<>();

    private record Question(String table, Set<String> chains) {}

    /** Holds while the table is as large. */
    private record Answer(int count, int size, boolean found) {}

    private record Extent(Hooks hooks, int count, int size) {}

    private XTables(Family family, Fd socket) {
        this.family = family;
        this.socket = socket;
    }

    /**
     * Opens it in the calling thread's network namespace.
     *
     * @throws LinuxException EAFNOSUPPORT without the family
     */
    public static XTables open(Family family) {
        // Any socket of the family takes these options.
        return new XTables(
                family, Sockets.openBlocking(family.addressFamily(), Sockets.SOCK_DGRAM, "ask for iptables' rules"));
    }

    /**
     * Whether a table has one of these chains. It is not read again while its size stays the same.
     *
     * @return also false where the kernel has no such table, or no iptables at all
     * @throws LinuxException for example EPERM without CAP_NET_ADMIN
     */
    public boolean has(String table, Set<String> chains) {
        if (!isThere(table)) {
            return false;
        }
        Extent extent = extent(table);
        Question question = new Question(table, chains);
        Answer answer = answers.get(question);
        if (answer == null || answer.count() != extent.count() || answer.size() != extent.size()) {
            try (Arena arena = Arena.ofConfined()) {
                answer = new Answer(
                        extent.count(),
                        extent.size(),
                        read(table, extent, arena).has(chains::contains));
            }
            answers.put(question, answer);
        }
        return answer.found();
    }

    /**
     * Removes chains and all rules that jump to them; everything else stays, with its counters. A change that somebody else
     * makes at the same moment is seen if it changes the number of rules, as with iptables itself.
     *
     * @return whether there was something to remove
     * @throws LinuxException EAGAIN if others change the table all the time
     */
    public boolean remove(String table, Predicate<String> chain) {
        if (!isThere(table)) {
            return false;
        }
        for (int tries = 1; ; tries++) {
            try (Arena arena = Arena.ofConfined()) {
                Extent extent = extent(table);
                XTablesRules rules = read(table, extent, arena);
                if (!rules.has(chain)) {
                    return false;
                }
                XTablesRules.Without without = rules.without(chain, arena);
                replace(table, extent.count(), without, arena);
                addCounters(table, without, arena);
                return true;
            } catch (LinuxException e) {
                if (e.errno() != Errno.EAGAIN || tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    /** To ask the kernel for a table that is not there would make it. */
    private boolean isThere(String table) {
        String names = family == Family.IPV4 ? "ip_tables_names" : "ip6_tables_names";
        try {
            return Files.readAllLines(Path.of("/proc/thread-self/net", names)).contains(table);
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new LinuxException(Errno.EIO, "read", "ask for iptables' tables", String.valueOf(e.getMessage()));
        }
    }

    private Extent extent(String table) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = named(table, INFO_BYTES, arena);
            get(GET_INFO, info, table, arena);
            return new Extent(
                    new Hooks(info.get(JAVA_INT, 32), ints(info, 36), ints(info, 56)),
                    info.get(JAVA_INT, 76),
                    info.get(JAVA_INT, 80));
        }
    }

    private XTablesRules read(String table, Extent extent, Arena arena) {
        MemorySegment answer = named(table, GET_ENTRIES_HEADER + (long) extent.size(), arena);
        answer.set(JAVA_INT, 32, extent.size());
        get(GET_ENTRIES, answer, table, arena);
        return new XTablesRules(family, extent.hooks(), answer.asSlice(GET_ENTRIES_HEADER), extent.count());
    }

    private void replace(String table, int before, XTablesRules.Without rules, Arena arena) {
        MemorySegment replace = named(table, REPLACE_HEADER + rules.entries().byteSize(), arena);
        replace.set(JAVA_INT, 32, rules.hooks().valid());
        replace.set(JAVA_INT, 36, rules.count());
        replace.set(JAVA_INT, 40, Math.toIntExact(rules.entries().byteSize()));
        for (int hook = 0; hook < XTablesRules.HOOKS; hook++) {
            replace.set(JAVA_INT, 44 + 4L * hook, rules.hooks().entry().get(hook));
            replace.set(JAVA_INT, 64 + 4L * hook, rules.hooks().underflow().get(hook));
        }
        replace.set(JAVA_INT, 84, before);
        // The kernel writes the counters of the rules before into it.
        replace.set(ADDRESS, REPLACE_COUNTERS, arena.allocate((long) before * XTablesRules.COUNTER_BYTES, 8));
        MemorySegment.copy(
                rules.entries(), 0, replace, REPLACE_HEADER, rules.entries().byteSize());
        set(SET_REPLACE, replace, "replace iptables' table " + table, arena);
    }

    private void addCounters(String table, XTablesRules.Without rules, Arena arena) {
        MemorySegment counters = named(table, COUNTERS_HEADER + rules.counters().byteSize(), arena);
        counters.set(JAVA_INT, 32, rules.count());
        MemorySegment.copy(
                rules.counters(), 0, counters, COUNTERS_HEADER, rules.counters().byteSize());
        set(SET_ADD_COUNTERS, counters, "keep the counters of iptables' table " + table, arena);
    }

    private void get(int option, MemorySegment value, String table, Arena arena) {
        MemorySegment length = arena.allocateFrom(JAVA_INT, Math.toIntExact(value.byteSize()));
        int result = Libc.getsockopt(arena.allocate(Libc.STATE), socket.number(), level(), option, value, length);
        Sockets.check(result, "getsockopt", "read iptables' table " + table);
    }

    private void set(int option, MemorySegment value, String tried, Arena arena) {
        int result = Libc.setsockopt(
                arena.allocate(Libc.STATE), socket.number(), level(), option, value, Math.toIntExact(value.byteSize()));
        Sockets.check(result, "setsockopt", tried);
    }

    private int level() {
        return family == Family.IPV4 ? SOL_IP : SOL_IPV6;
    }

    private static List<Integer> ints(MemorySegment from, long at) {
        return IntStream.range(0, XTablesRules.HOOKS)
                .mapToObj(hook -> from.get(JAVA_INT, at + 4L * hook))
                .toList();
    }

    private static MemorySegment named(String table, long bytes, Arena arena) {
        byte[] name = table.getBytes(StandardCharsets.US_ASCII);
        if (name.length >= NAME_BYTES) {
            throw new IllegalArgumentException("iptables has no table " + table);
        }
        MemorySegment segment = arena.allocate(bytes, 8);
        MemorySegment.copy(name, 0, segment, JAVA_BYTE, 0, name.length);
        return segment;
    }

    @Override
    public void close() {
        socket.close();
    }
}
