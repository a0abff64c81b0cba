package dev.weft.nftables;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** What nft accepts as an identifier, and what fits into userdata. */
final class Names {
    /** Letters first, as nft's scanner has it; the kernel allows 255 bytes (NFT_NAME_MAXLEN is 256 with the NUL). */
    private static final Pattern IDENTIFIER = Pattern.compile("[a-zA-Z_][a-zA-Z0-9/\\\\_.-]{0,254}");

    /** nft refuses longer ones: NFTNL_UDATA_COMMENT_MAXLEN is 128. */
    static final int COMMENT_MAX_BYTES = 127;

    private Names() {}

    static String check(String what, String name) {
        if (!IDENTIFIER.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' is no name of a " + what
                    + ": a letter or _, then letters, digits, / \\ _ . -, at most 255");
        }
        return name;
    }

    static String checkComment(String comment) {
        if (comment.getBytes(StandardCharsets.UTF_8).length > COMMENT_MAX_BYTES
                || comment.indexOf('"') >= 0
                || comment.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    "a comment has at most 127 bytes and neither quotes nor control characters: " + comment);
        }
        return comment;
    }
}
