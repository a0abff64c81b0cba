package dev.weft.e2e.faults;

/** One kind of trouble, brought about on a cluster where Weft is Ready; it leaves one where Weft is Ready. */
interface Fault {
    /** In words, for the summary. */
    String title();

    void run(Scene scene, Findings findings);
}
