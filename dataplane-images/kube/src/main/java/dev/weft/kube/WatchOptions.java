package dev.weft.kube;

import dev.weft.agent.Backoff;
import java.time.Duration;

/**
 * @param backoff pauses after failures in a row
 * @param watchTimeout how long the server keeps a watch open; each asks for between this and twice this, so that the
 *     watches of many nodes do not end together
 * @param silence how long a watch may say nothing before its connection counts as dead; longer than the 75 s within
 *     which API servers send bookmarks
 * @param relistEvery how long to trust watches before listing anew at the end of one: heals what no watch tells, such
 *     as a cluster whose storage was restored from a backup
 */
public record WatchOptions(Backoff backoff, Duration watchTimeout, Duration silence, Duration relistEvery) {
    public static final WatchOptions DEFAULT = new WatchOptions(
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30)),
            Duration.ofMinutes(5),
            Duration.ofSeconds(150),
            Duration.ofHours(3));

    public WatchOptions {
        if (watchTimeout.toSeconds() < 1 || silence.toMillis() < 1 || relistEvery.isNegative()) {
            throw new IllegalArgumentException(
                    "watch time-out " + watchTimeout + " or silence " + silence + " is too short");
        }
    }
}
