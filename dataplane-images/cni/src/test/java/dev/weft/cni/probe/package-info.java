@NullMarked
package dev.weft.cni.probe;

import org.jspecify.annotations.NullMarked;
