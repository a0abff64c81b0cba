package dev.weft.cni.protocol;

import dev.weft.net.Cidr;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import dev.weft.net.MacAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answer to ADD: one pod link, its addresses and routes.
 *
 * @param hostLink name of the host's end
 * @param hostMac its MAC address
 * @param ifname name of the pod's end
 * @param podMac its MAC address
 * @param mtu of both ends, in bytes
 * @param netns path of the pod's network namespace, as the runtime named it
 * @param ips addresses of the pod
 * @param gateways one default gateway a family that the pod has an address in
 */
public record CniResult(
        String hostLink,
        MacAddress hostMac,
        String ifname,
        MacAddress podMac,
        int mtu,
        String netns,
        List<Ip> ips,
        Map<Family, Ip> gateways) {

    public CniResult {
        ips = List.copyOf(ips);
        gateways = Map.copyOf(gateways);
    }

    /** The JSON document, in the shape of the version: 0.4.0 has the family in each address, 1.1.0 the MTU. */
    public String toJson(CniVersion version) {
        List<Object> interfaces = List.of(end(version, hostLink, hostMac, ""), end(version, ifname, podMac, netns));
        List<Object> addresses = new ArrayList<>();
        List<Object> routes = new ArrayList<>();
        for (Ip ip : ips) {
            Map<String, Object> address = new LinkedHashMap<>();
            if (!version.atLeast(CniVersion.V1_0_0)) {
                address.put("version", ip.family() == Family.IPV4 ? "4" : "6");
            }
            address.put("interface", 1);
            address.put("address", Cidr.host(ip).toString());
            Ip gateway = gateways.get(ip.family());
            if (gateway != null) {
                address.put("gateway", gateway.toString());
                routes.add(JsonFields.object(
                        "dst", ip.family() == Family.IPV4 ? "0.0.0.0/0" : "::/0", "gw", gateway.toString()));
            }
            addresses.add(address);
        }
        return JsonFields.text(JsonFields.object(
                "cniVersion", version.toString(),
                "interfaces", interfaces,
                "ips", addresses,
                "routes", routes,
                "dns", Map.of()));
    }

    private Map<String, Object> end(CniVersion version, String name, MacAddress mac, String sandbox) {
        Map<String, Object> end = JsonFields.object("name", name, "mac", mac.toString());
        if (version.atLeast(CniVersion.V1_1_0)) {
            end.put("mtu", mtu);
        }
        if (!sandbox.isEmpty()) {
            end.put("sandbox", sandbox);
        }
        return end;
    }
}
