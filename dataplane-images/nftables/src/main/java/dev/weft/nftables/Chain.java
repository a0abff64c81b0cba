package dev.weft.nftables;

import java.util.Optional;

/** A chain without its rules: a base chain if it has a hook, else one to jump to. */
public record Chain(String name, Optional<Hook> hook) {
    public Chain {
        Names.check("chain", name);
    }

    /** A regular chain, reached by jump and goto. */
    public static Chain of(String name) {
        return new Chain(name, Optional.empty());
    }

    /** A base chain with policy accept. */
    public static Chain base(String name, Hook.Type type, Hook.Point point, int priority) {
        return new Chain(name, Optional.of(new Hook(type, point, priority, Hook.Policy.ACCEPT)));
    }

    /**
     * This base chain with another policy.
     *
     * @throws IllegalStateException on a regular chain, which has none
     */
    public Chain policy(Hook.Policy policy) {
        Hook old = hook.orElseThrow(() -> new IllegalStateException("chain " + name + " has no hook, so no policy"));
        return new Chain(name, Optional.of(old.withPolicy(policy)));
    }

    boolean isBase() {
        return hook.isPresent();
    }
}
