/**
 * Addresses of pods: which are free ({@link dev.weft.cni.ipam.AddressRange}, pure) and who holds which ({@link
 * dev.weft.cni.ipam.LeaseStore}, one file a pod interface). A lease is on disk before its pod hears of it.
 */
@NullMarked
package dev.weft.cni.ipam;

import org.jspecify.annotations.NullMarked;
