package dev.weft.nftables;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What nft accepts as an identifier, and what fits into userdata. */
final class Names {
    /**
     * Wider than nft's scanner, since names of others' making are read as well; the kernel allows 255 bytes
     * (NFT_NAME_MAXLEN is 256 with the NUL).
     */
    private static final Pattern IDENTIFIER = Pattern.compile("[!-~&&[^\"'{};,]]{1,255}");

    /** nft refuses longer ones: NFTNL_UDATA_COMMENT_MAXLEN is 128. */
    static final int COMMENT_MAX_BYTES = 127;

    private Names() {}

    static String check(String what, String name) {
        if (!IDENTIFIER.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no name of a " + what
                    + ": 1 to 255 visible ASCII characters without quotes, braces, commas and semicolons");
        }
        return name;
    }

    static String checkComment(String comment) {
        if (!isComment(comment)) {
            throw new IllegalArgumentException(
                    "a comment has at most 127 bytes and neither quotes nor control characters: " + comment);
        }
        return comment;
    }

    static boolean isComment(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length <= COMMENT_MAX_BYTES
                && text.indexOf('"') < 0
                && text.chars().noneMatch(Character::isISOControl);
    }
}
