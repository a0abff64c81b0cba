package dev.weft.linux.route;

/** How far a destination or an address reaches ({@code rt_scope_t}, linux/rtnetlink.h). */
public enum Scope {
    UNIVERSE(0),
    SITE(200),
    LINK(253),
    HOST(254),
    NOWHERE(255);

    private final int number;

    Scope(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }

    /** The scope of a number; numbers between the named ones are an administrator's own and count as the wider one. */
    static Scope of(int number) {
        Scope found = UNIVERSE;
        for (Scope scope : values()) {
            if (scope.number <= number) {
                found = scope;
            }
        }
        return found;
    }
}
