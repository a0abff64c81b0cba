package dev.weft.dns.zone;

import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.RecordType;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Names to which the configuration gives addresses, and the way back. */
public final class HostNames {
    /** Seconds, as CoreDNS' hosts plugin. */
    private static final int TTL = 3600;

    private HostNames() {}

    /** A table of all of them. An address may have several names and a name several addresses. */
    public static NameTable table(Map<DnsName, Set<Ip>> hosts) {
        NameTable table = new NameTable();
        Map<Ip, Set<DnsName>> reverse = new LinkedHashMap<>();
        hosts.forEach((name, ips) -> {
            Map<Integer, List<ResourceRecord>> byType = new LinkedHashMap<>();
            for (Ip ip : ips) {
                byType.computeIfAbsent(ResourceRecord.addressType(ip), type -> new ArrayList<>())
                        .add(ResourceRecord.address(name, TTL, ip));
                reverse.computeIfAbsent(ip, address -> new LinkedHashSet<>()).add(name);
            }
            table.put(NameEntry.of(
                    name,
                    byType.entrySet().stream()
                            .map(e -> RecordSet.of(e.getKey(), e.getValue()))
                            .toList()));
        });
        reverse.forEach((ip, names) -> {
            DnsName owner = Addresses.reverse(ip);
            List<ResourceRecord> records = names.stream()
                    .map(name -> ResourceRecord.name(owner, RecordType.PTR, TTL, name))
                    .toList();
            table.put(NameEntry.of(owner, List.of(RecordSet.of(RecordType.PTR, records))));
        });
        return table;
    }
}
