/**
 * Objects of Gateway API as values, and how they are read: what users wrote, with nothing decided yet. A field that cannot
 * be read is as one that is not there; the API server has checked what it stores.
 */
@NullMarked
package dev.weft.ingress.gateway.api;

import org.jspecify.annotations.NullMarked;
