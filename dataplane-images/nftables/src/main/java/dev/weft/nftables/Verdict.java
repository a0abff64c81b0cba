package dev.weft.nftables;

import java.util.Optional;

/** Where evaluation goes on. Codes: {@code enum nft_verdicts}, and {@code NF_DROP}, {@code NF_ACCEPT}. */
public record Verdict(Kind kind, Optional<String> chain) implements Value {
    public static final Verdict ACCEPT = new Verdict(Kind.ACCEPT, Optional.empty());
    public static final Verdict DROP = new Verdict(Kind.DROP, Optional.empty());
    public static final Verdict RETURN = new Verdict(Kind.RETURN, Optional.empty());
    public static final Verdict CONTINUE = new Verdict(Kind.CONTINUE, Optional.empty());

    public Verdict {
        boolean needsChain = kind == Kind.JUMP || kind == Kind.GOTO;
        if (needsChain != chain.isPresent()) {
            throw new IllegalArgumentException(
                    needsChain ? kind + " needs a chain" : kind + " goes to no chain: " + chain.orElse(""));
        }
        chain.ifPresent(name -> Names.check("chain", name));
    }

    public static Verdict jump(String chain) {
        return new Verdict(Kind.JUMP, Optional.of(chain));
    }

    public static Verdict goTo(String chain) {
        return new Verdict(Kind.GOTO, Optional.of(chain));
    }

    /** The kinds of verdict. */
    public enum Kind {
        DROP(0),
        ACCEPT(1),
        CONTINUE(-1),
        JUMP(-3),
        GOTO(-4),
        RETURN(-5);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Optional<Kind> ofCode(int code) {
            return Codes.find(values(), Kind::code, code);
        }
    }

    @Override
    public String toString() {
        return Codes.lower(kind) + chain.map(name -> " " + name).orElse("");
    }
}
