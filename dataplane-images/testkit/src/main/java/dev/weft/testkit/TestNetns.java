package dev.weft.testkit;

import java.nio.file.Path;
import java.util.List;

/**
 * A network namespace of one test, with {@code lo} up and nothing else in it. Commands run in it through iproute2.
 */
public final class TestNetns implements AutoCloseable {
    private static final Path FOLDER = Path.of("/run/netns");

    private static final long ADDRESS_NANOS = 10_000_000_000L;

    private final String name;

    private TestNetns(String name) {
        this.name = name;
    }

    static TestNetns create(String name) {
        Command.run(List.of("ip", "netns", "add", name), "");
        TestNetns netns = new TestNetns(name);
        netns.ip("link", "set", "lo", "up");
        return netns;
    }

    /** The name that {@code ip netns} knows it by. */
    public String name() {
        return name;
    }

    /** The file that holds it, under {@code /run/netns}. */
    public Path path() {
        return FOLDER.resolve(name);
    }

    /** Runs {@code ip} in the namespace and returns what it prints. */
    public String ip(String... arguments) {
        return Command.run(Command.concat(List.of("ip", "-n", name), arguments), "");
    }

    /**
     * Adds an address without duplicate address detection and waits until it is in use. The kernel makes the route to an IPv6
     * address from a work queue (net/ipv6/addrconf.c, addrconf_dad_work), and loses what is sent there before.
     *
     * @param address with its prefix length
     * @param device that is up
     */
    public void address(String address, String device) {
        if (!address.contains(":")) {
            ip("addr", "add", address, "dev", device);
            return;
        }
        ip("addr", "add", address, "dev", device, "nodad");
        String ip = address.substring(0, address.indexOf('/'));
        long deadline = System.nanoTime() + ADDRESS_NANOS;
        while (ip("-6", "route", "show", "table", "local", ip).isBlank()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the kernel does not use " + address + " on " + device + " of " + name);
            }
        }
    }

    /** Runs {@code tc} in the namespace and returns what it prints. */
    public String tc(String... arguments) {
        return Command.run(Command.concat(List.of("tc", "-n", name), arguments), "");
    }

    /** Runs {@code nft} in the namespace and returns what it prints. */
    public String nft(String... arguments) {
        return exec(Command.concat(List.of("nft"), arguments).toArray(String[]::new));
    }

    /** Loads a ruleset ({@code nft -f -}) in the namespace. */
    public void nftScript(String ruleset) {
        Command.run(List.of("ip", "netns", "exec", name, "nft", "-f", "-"), ruleset);
    }

    /** Runs any program in the namespace and returns what it prints, standard error included. */
    public String exec(String... command) {
        return Command.run(Command.concat(List.of("ip", "netns", "exec", name), command), "");
    }

    /** Deletes the namespace. The extension does that; a test that wants it gone earlier may. */
    @Override
    public void close() {
        if (path().toFile().exists()) {
            Command.run(List.of("ip", "netns", "del", name), "");
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
