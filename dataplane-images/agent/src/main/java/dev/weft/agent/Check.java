package dev.weft.agent;

/**
 * Answer of a health check.
 *
 * @param ok whether all is well
 * @param message what is wrong, for people; may say something when all is well too
 */
public record Check(boolean ok, String message) {

    public static Check good() {
        return new Check(true, "");
    }

    public static Check bad(String message) {
        return new Check(false, message);
    }
}
