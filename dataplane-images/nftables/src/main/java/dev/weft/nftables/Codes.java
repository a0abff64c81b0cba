package dev.weft.nftables;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Enums of the kernel: from number to constant, and from constant to nft's word. */
final class Codes {
    private Codes() {}

    static <E extends Enum<E>> Optional<E> find(E[] values, ToIntFunction<E> code, int wanted) {
        return Arrays.stream(values)
                .filter(value -> code.applyAsInt(value) == wanted)
                .findFirst();
    }

    static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
