/** What each event loop has of its own: time, flushing, scratch space. */
@NullMarked
package dev.weft.ingress.proxy.loop;

import org.jspecify.annotations.NullMarked;
