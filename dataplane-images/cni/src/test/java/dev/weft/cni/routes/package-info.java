@NullMarked
package dev.weft.cni.routes;

import org.jspecify.annotations.NullMarked;
