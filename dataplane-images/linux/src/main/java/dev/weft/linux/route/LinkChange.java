package dev.weft.linux.route;

import dev.weft.linux.NetlinkWriter;
import dev.weft.linux.Netns;
import dev.weft.net.Family;
import dev.weft.net.MacAddress;

/**
 * Changes of a link that exists: {@code LinkChange.of("eth0").mtu(1450).up().change()}. All settings of one change go in
 * one message. Not for several threads.
 */
public final class LinkChange {
    private static final int IFLA_INET6_ADDR_GEN_MODE = 8;
    private static final int IN6_ADDR_GEN_MODE_NONE = 1;

    private final String target;
    private final int index;
    private final NetlinkWriter attributes = new NetlinkWriter();
    private int flags;
    private int mask;
    private String what = "";

    private LinkChange(String target, int index) {
        this.target = target;
        this.index = index;
    }

    /** Of the link with this index. */
    public static LinkChange of(int index) {
        return new LinkChange("link " + index, index);
    }

    /** Of the link with this name when the change is applied, so that one batch can make it and change it. */
    public static LinkChange of(String name) {
        LinkChange change = new LinkChange("link " + name, 0);
        change.attributes.attr(LinkAttribute.IFLA_IFNAME, LinkAttribute.checkedName(name));
        return change;
    }

    /** Deletes the link with this index; ENODEV if there is none. A veth's other end goes with it. */
    public static Change delete(int index) {
        return Change.of(
                "delete link " + index, LinkAttribute.header(index, 0, 0).message(RtmType.DELLINK, 0));
    }

    /** Deletes the link with this name; ENODEV if there is none. A veth's other end goes with it. */
    public static Change delete(String name) {
        return Change.of(
                "delete link " + name,
                LinkAttribute.header(0, 0, 0)
                        .attr(LinkAttribute.IFLA_IFNAME, LinkAttribute.checkedName(name))
                        .message(RtmType.DELLINK, 0));
    }

    /** Deletes all links of a group together, which takes as long as one; ENODEV if it has none. */
    public static Change deleteGroup(int group) {
        return Change.of(
                "delete links of group " + group,
                LinkAttribute.header(0, 0, 0)
                        .attrU32(LinkAttribute.IFLA_GROUP, group)
                        .message(RtmType.DELLINK, 0));
    }

    /**
     * Keeps the kernel from giving a link an IPv6 link-local address, with the duplicate address detection that goes with
     * it (addr_gen_mode none). A change of its own, to be made before the link goes up: the kernel looks at it last.
     */
    public static Change withoutLinkLocal(String name) {
        return of(name).addressGenerationNone();
    }

    /** See {@link #withoutLinkLocal(String)}. */
    public static Change withoutLinkLocal(int index) {
        return of(index).addressGenerationNone();
    }

    private Change addressGenerationNone() {
        attributes
                .nest(LinkAttribute.IFLA_AF_SPEC)
                .nest(Family.IPV6.addressFamily())
                .attrU8(IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE)
                .endNest()
                .endNest();
        return doing("no link-local address").change();
    }

    public LinkChange up() {
        flags |= LinkAttribute.IFF_UP;
        mask |= LinkAttribute.IFF_UP;
        return doing("up");
    }

    public LinkChange down() {
        flags &= ~LinkAttribute.IFF_UP;
        mask |= LinkAttribute.IFF_UP;
        return doing("down");
    }

    /** Sets the size of the largest packet in bytes. */
    public LinkChange mtu(int bytes) {
        attributes.attrU32(LinkAttribute.IFLA_MTU, bytes);
        return doing("MTU " + bytes);
    }

    public LinkChange mac(MacAddress mac) {
        attributes.attr(LinkAttribute.IFLA_ADDRESS, mac.bytes());
        return doing("MAC " + mac);
    }

    /**
     * Renames it.
     *
     * @throws IllegalStateException if the link is known by name rather than index
     */
    public LinkChange name(String name) {
        if (index == 0) {
            throw new IllegalStateException("a link is renamed by its index");
        }
        attributes.attr(LinkAttribute.IFLA_IFNAME, LinkAttribute.checkedName(name));
        return doing("name " + name);
    }

    /** Puts it into a bridge or bond, or takes it out for 0. */
    public LinkChange master(int link) {
        attributes.attrU32(LinkAttribute.IFLA_MASTER, link);
        return doing("master " + link);
    }

    /** Puts it into a group of links; 0 is that of all others. */
    public LinkChange group(int number) {
        attributes.attrU32(LinkAttribute.IFLA_GROUP, number);
        return doing("group " + number);
    }

    /** Moves it to another namespace, which must be open when the change is applied. */
    public LinkChange netns(Netns netns) {
        attributes.attrU32(LinkAttribute.IFLA_NET_NS_FD, netns.fd());
        return doing("namespace");
    }

    private LinkChange doing(String setting) {
        what = what.isEmpty() ? setting : what + ", " + setting;
        return this;
    }

    /** The change; ENODEV if the link does not exist. */
    public Change change() {
        NetlinkWriter writer = LinkAttribute.header(index, flags, mask).bytes(attributes.toBytes());
        return Change.of("set " + target + ": " + what, writer.message(RtmType.SETLINK, 0));
    }
}
