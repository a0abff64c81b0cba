package dev.weft.operator.agents;

/** An agent gave no usable answer; the message says what happened, for people. */
public final class AgentSilentException extends Exception {
    private static final long serialVersionUID = 1L;

    public AgentSilentException(String message, Throwable cause) {
        super(message, cause);
    }

    public AgentSilentException(String message) {
        super(message);
    }
}
