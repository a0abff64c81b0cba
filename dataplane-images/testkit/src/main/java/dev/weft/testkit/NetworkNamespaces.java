package dev.weft.testkit;

import java.io.File;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives every {@link TestNetns} parameter of a test (or of a method around it) a fresh network namespace and deletes it
 * when the test is over, however it ends. Needs root and iproute2.
 *
 * <p>Names carry the process id, so that several builds run side by side, and what a killed build left is deleted by the
 * next one.
 */
public final class NetworkNamespaces implements BeforeAllCallback, ParameterResolver {
    private static final String PREFIX = "weft-t-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d+)-\\d+");
    private static final AtomicInteger COUNTER = new AtomicInteger();

    @Override
    public void beforeAll(ExtensionContext context) {
        String[] names = new File("/run/netns").list();
        for (String name : names == null ? new String[0] : names) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()
                    && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty()) {
                deleteLeftover(name);
            }
        }
    }

    private static void deleteLeftover(String name) {
        try {
            Command.run(List.of("ip", "netns", "del", name), "");
        } catch (CommandFailedError e) {
            // Another build that starts now deleted it first.
            System.err.println("leftover namespace " + name + " not deleted: " + e.getMessage());
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestNetns.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        String name = PREFIX + ProcessHandle.current().pid() + "-" + COUNTER.incrementAndGet();
        TestNetns netns = TestNetns.create(name);
        // The store closes its AutoCloseables at the end of the test's context.
        context.getStore(ExtensionContext.Namespace.create(NetworkNamespaces.class))
                .put(name, netns);
        return netns;
    }
}
