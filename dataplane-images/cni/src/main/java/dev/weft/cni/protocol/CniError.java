package dev.weft.cni.protocol;

/** Error codes of the CNI specification 1.1, section "Error"; 100 and above are the plugin's own. */
public enum CniError {
    INCOMPATIBLE_VERSION(1),
    UNSUPPORTED_FIELD(2),
    UNKNOWN_CONTAINER(3),
    INVALID_ENVIRONMENT(4),
    IO_FAILURE(5),
    UNDECODABLE(6),
    INVALID_CONFIG(7),
    TRY_AGAIN_LATER(11),
    NOT_AVAILABLE(50),
    LIMITED_CONNECTIVITY(51),
    /** CHECK found something else than what ADD had left. */
    STATE_DIFFERS(100);

    private final int code;

    CniError(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }
}
