/**
 * The nftables table {@code inet weft-cni}: host ports and masquerade. {@link dev.weft.cni.nat.CniRuleset} says what
 * should be (pure), {@link dev.weft.cni.nat.CniNat} makes it so.
 */
@NullMarked
package dev.weft.cni.nat;

import org.jspecify.annotations.NullMarked;
