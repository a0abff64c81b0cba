package dev.weft.cni.routes;

import java.util.Optional;

/**
 * One change of the kernel. Those that put something carry what stood there before, so that a repair can say what was
 * wrong.
 */
public sealed interface NetOp {
    /** What was wrong before this operation, for people: {@code route 10.244.1.0/24 via ... was missing}. */
    String repairs();

    record PutSysctl(String path, String value, Optional<String> previous) implements NetOp {
        @Override
        public String repairs() {
            return "sysctl " + path + " was " + previous.orElse("absent") + " instead of " + value;
        }
    }

    /** Makes the device and puts it up. */
    record CreateVxlan(VxlanDevice device) implements NetOp {
        @Override
        public String repairs() {
            return device + " was missing";
        }
    }

    /** Changes what can be changed while the device carries traffic: MTU, checksum offload, up. */
    record ChangeVxlan(VxlanDevice from, VxlanDevice to) implements NetOp {
        @Override
        public String repairs() {
            return changed(from, to);
        }
    }

    record DeleteVxlan(VxlanDevice device) implements NetOp {
        @Override
        public String repairs() {
            return device + " was of another make";
        }
    }

    record PutAddress(InterfaceAddress address) implements NetOp {
        @Override
        public String repairs() {
            return "address " + address + " dev " + VxlanDevice.NAME + " was missing";
        }
    }

    record DeleteAddress(InterfaceAddress address) implements NetOp {
        @Override
        public String repairs() {
            return "address " + address + " dev " + VxlanDevice.NAME + " should not be there";
        }
    }

    record PutFdb(FdbEntry entry, Optional<FdbEntry> previous) implements NetOp {
        @Override
        public String repairs() {
            return previous.map(was -> changed(was, entry)).orElse(entry + " was missing");
        }
    }

    record DeleteFdb(FdbEntry entry) implements NetOp {
        @Override
        public String repairs() {
            return entry + " should not be there";
        }
    }

    record PutNeighbour(Neighbour neighbour, Optional<Neighbour> previous) implements NetOp {
        @Override
        public String repairs() {
            return previous.map(was -> changed(was, neighbour)).orElse(neighbour + " was missing");
        }
    }

    record DeleteNeighbour(Neighbour neighbour) implements NetOp {
        @Override
        public String repairs() {
            return neighbour + " should not be there";
        }
    }

    record PutRoute(Route route, Optional<Route> previous) implements NetOp {
        @Override
        public String repairs() {
            return previous.map(was -> changed(was, route)).orElse(route + " was missing");
        }
    }

    record DeleteRoute(Route route) implements NetOp {
        @Override
        public String repairs() {
            return route + " should not be there";
        }
    }

    private static String changed(Object was, Object is) {
        return is + " had been changed to: " + was;
    }
}
