package dev.weft.e2e.bench;

/** Something that programs Services on a node. None runs while another is measured. */
interface ServiceProxy {
    /** The column of its figures. */
    String name();

    /** Begins to start it on a node whose kernel knows no Service; returns before Services answer. */
    void start();

    /** The process, by its id on the node. It runs once Services answer. */
    long pid();

    /** Ends it, and removes what it left in the kernel. */
    void stop();
}
