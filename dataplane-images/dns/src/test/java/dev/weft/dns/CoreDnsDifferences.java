package dev.weft.dns;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What may differ between CoreDNS' answer and Weft's, and why. */
final class CoreDnsDifferences {
    /**
     * A difference.
     *
     * @param text the reason if there is a good one, else both answers
     */
    record Difference(boolean justified, String text) {}

    private CoreDnsDifferences() {}

    static Optional<Difference> between(Message question, Message mine, Message theirs) {
        String name = question.getQuestion().getName().toString().toLowerCase(Locale.ROOT);
        int type = question.getQuestion().getType();
        String ours = text(mine);
        String other = text(theirs);
        if (ours.equals(other)) {
            return Optional.empty();
        }
        boolean noData = mine.getRcode() == Rcode.NOERROR
                && mine.getSection(Section.ANSWER).isEmpty();
        boolean denied = theirs.getRcode() == Rcode.NXDOMAIN;
        if (mine.getHeader().getFlag(Flags.TC) || theirs.getHeader().getFlag(Flags.TC)) {
            return justified("cut at other lengths: 1232 bytes at most here, as much as the client takes there");
        }
        if (noData
                && denied
                && name.matches("(_tcp|_udp)[.].*[.]svc[.]cluster[.]local[.]|(dns|dns-version)[.]cluster.*")) {
            return justified("empty non-terminals exist (RFC 8020)");
        }
        if (type == Type.SRV && noData && name.endsWith(".pod.cluster.local.")) {
            return justified("a pod's name has no port to tell; CoreDNS tells port 0");
        }
        boolean empty = theirs.getRcode() == Rcode.NOERROR
                && theirs.getSection(Section.ANSWER).isEmpty();
        if (type == Type.SOA && mine.getRcode() == Rcode.NXDOMAIN && empty) {
            return justified("a name exists for all types or for none; CoreDNS says that each exists for SOA");
        }
        if (type == Type.TXT && noData && denied) {
            return justified("a name exists for all types or for none; CoreDNS denies for TXT what has no addresses");
        }
        if (mine.getRcode() == Rcode.NXDOMAIN
                && name.matches(
                        "[^_.]+[.][^.]+[.][^.]+[.][^.]+[.]svc[.].*|_[^.]+[.][^_][^.]+[.][^.]+[.][^.]+[.]svc[.].*|[^_][^.]+[.]_.*[.]svc[.].*")) {
            return justified("names of ports begin with underscores (specification, 2.3.2)");
        }
        if (mine.getRcode() == Rcode.NXDOMAIN && name.matches("([^.]+[.])+[^.]+[.][^.]+[.]pod[.]cluster[.]local[.]")) {
            return justified("nothing is below the name of a pod");
        }
        if (name.matches("(out|alias)[.]shop[.]svc[.]cluster[.]local[.]")) {
            return type == Type.A || type == Type.CNAME
                    ? wrong(question, ours, other)
                    : justified("an ExternalName is an alias for every type (RFC 1034, 3.6.2)");
        }
        if (noData && name.endsWith(".arpa.") && type != Type.PTR) {
            return justified("a reverse name of the cluster's has no other records anywhere else");
        }
        if ((name.equals("cluster.local.") && type == Type.NS) || name.equals("ns.dns.cluster.local.")) {
            return justified("without a kube-dns Service CoreDNS names the addresses it listens on");
        }
        return wrong(question, ours, other);
    }

    private static Optional<Difference> justified(String reason) {
        return Optional.of(new Difference(true, reason));
    }

    private static Optional<Difference> wrong(Message question, String ours, String theirs) {
        return Optional.of(
                new Difference(false, question.getQuestion() + "\n  weft    " + ours + "\n  coredns " + theirs));
    }

    /** All that counts, in one order; without the serial of SOA records, which is a time, and TTLs that run down. */
    private static String text(Message message) {
        return Rcode.string(message.getRcode())
                + (message.getHeader().getFlag(Flags.AA) ? " aa" : "")
                + (message.getHeader().getFlag(Flags.TC) ? " tc" : "")
                + (message.getOPT() == null ? "" : " edns")
                + " " + section(message, Section.ANSWER)
                + " " + section(message, Section.AUTHORITY)
                + " " + section(message, Section.ADDITIONAL);
    }

    private static List<String> section(Message message, int section) {
        return message.getSection(section).stream()
                .filter(record -> record.getType() != Type.OPT)
                .map(CoreDnsDifferences::record)
                .sorted()
                .toList();
    }

    private static String record(Record record) {
        return record.toString()
                .toLowerCase(Locale.ROOT)
                .replaceAll("\\s+", " ")
                .replaceFirst("\\d+ in a 192[.]0[.]2[.]1$", "TTL in a 192.0.2.1")
                .replaceFirst("(hostmaster[.]cluster[.]local[.]) \\d+", "$1 SERIAL");
    }
}
