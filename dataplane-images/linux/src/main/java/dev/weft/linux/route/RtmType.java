package dev.weft.linux.route;

import java.util.Map;

/** Message types of linux/rtnetlink.h. */
final class RtmType {
    static final int NEWLINK = 16;
    static final int DELLINK = 17;
    static final int GETLINK = 18;
    static final int SETLINK = 19;
    static final int NEWADDR = 20;
    static final int DELADDR = 21;
    static final int GETADDR = 22;
    static final int NEWROUTE = 24;
    static final int DELROUTE = 25;
    static final int GETROUTE = 26;
    static final int NEWNEIGH = 28;
    static final int DELNEIGH = 29;
    static final int GETNEIGH = 30;
    static final int NEWQDISC = 36;
    static final int DELQDISC = 37;
    static final int GETQDISC = 38;

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(NEWLINK, "RTM_NEWLINK"),
            Map.entry(DELLINK, "RTM_DELLINK"),
            Map.entry(GETLINK, "RTM_GETLINK"),
            Map.entry(SETLINK, "RTM_SETLINK"),
            Map.entry(NEWADDR, "RTM_NEWADDR"),
            Map.entry(DELADDR, "RTM_DELADDR"),
            Map.entry(NEWROUTE, "RTM_NEWROUTE"),
            Map.entry(DELROUTE, "RTM_DELROUTE"),
            Map.entry(NEWNEIGH, "RTM_NEWNEIGH"),
            Map.entry(DELNEIGH, "RTM_DELNEIGH"),
            Map.entry(NEWQDISC, "RTM_NEWQDISC"),
            Map.entry(DELQDISC, "RTM_DELQDISC"));

    private RtmType() {}

    static String name(int type) {
        return NAMES.getOrDefault(type, "rtnetlink type " + type);
    }
}
