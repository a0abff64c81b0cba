package dev.weft.nftables;

/** What a map gives for a key: bytes or a verdict. */
public sealed interface Value permits Data, Verdict {}
