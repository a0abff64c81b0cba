package dev.weft.ingress.match;

import dev.weft.ingress.route.HttpRule;

/** What is done with requests that fit. */
public record HttpRoute(HttpMatch match, HttpRule rule) {}
