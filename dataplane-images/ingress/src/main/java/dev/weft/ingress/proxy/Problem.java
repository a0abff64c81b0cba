package dev.weft.ingress.proxy;

/**
 * A part of a {@link dev.weft.ingress.route.Routing} that is not carried out; all else is.
 *
 * @param port that it belongs to; 0 if to none
 * @param listener or upstream by name; empty if it is the port as a whole
 * @param reason for users, such as {@code port 443 is in use}
 */
public record Problem(int port, String listener, String reason) {}
