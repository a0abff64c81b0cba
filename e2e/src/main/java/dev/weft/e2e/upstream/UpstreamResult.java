package dev.weft.e2e.upstream;

import dev.weft.e2e.lab.LabException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * How the tests ended.
 *
 * @param passed the names of those that passed
 * @param failed the names of those that did not
 * @param gaveUp tests that found that this cluster cannot serve them, with what they said
 * @param leftOut tests of the focus that were left out from the start
 */
record UpstreamResult(List<String> passed, List<String> failed, Map<String, String> gaveUp, List<String> leftOut) {
    private static final String TEST = "[It] ";
    private static final String SKIPPED_BECAUSE = "skipped - ";

    UpstreamResult {
        passed = List.copyOf(passed);
        failed = List.copyOf(failed);
        gaveUp = Map.copyOf(gaveUp);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Reads ginkgo's JUnit report, which has all of Kubernetes' tests. Those outside of the focus are not counted; a
     * failure outside of all tests counts as one.
     *
     * @throws LabException if it is not one
     */
    static UpstreamResult read(Path report, Pattern focus) {
        NodeList cases;
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            cases = factory.newDocumentBuilder().parse(report.toFile()).getElementsByTagName("testcase");
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new LabException("cannot read the report " + report, e);
        }
        List<String> passed = new ArrayList<>();
        List<String> failed = new ArrayList<>();
        Map<String, String> gaveUp = new TreeMap<>();
        List<String> leftOut = new ArrayList<>();
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            String name = test.getAttribute("name");
            if (has(test, "failure") || has(test, "error")) {
                failed.add(name);
            } else if (name.startsWith(TEST) && !has(test, "skipped")) {
                passed.add(name);
            } else if (name.startsWith(TEST)) {
                String why = ((Element) test.getElementsByTagName("skipped").item(0)).getAttribute("message");
                if (why.startsWith(SKIPPED_BECAUSE)) {
                    gaveUp.put(name, why.substring(SKIPPED_BECAUSE.length()));
                } else if (focus.matcher(name).find()) {
                    leftOut.add(name);
                }
            }
        }
        return new UpstreamResult(passed, failed, gaveUp, leftOut);
    }

    /** This result where some of the failed tests ran once more. */
    UpstreamResult afterwards(UpstreamResult again) {
        List<String> allPassed = new ArrayList<>(passed);
        allPassed.addAll(again.passed);
        List<String> stillFailed = new ArrayList<>(failed);
        stillFailed.removeAll(again.passed);
        return new UpstreamResult(allPassed, stillFailed, gaveUp, leftOut);
    }

    /** What did not pass and should have: failures and tests that gave up, but for those with a known cause. */
    List<String> unexplained(KnownCauses known) {
        return notPassed().entrySet().stream()
                .filter(entry -> known.of(entry.getKey()).isEmpty())
                .map(entry -> entry.getKey() + entry.getValue())
                .toList();
    }

    /** What did not pass or was left out, with its known cause. */
    List<String> explained(KnownCauses known) {
        Map<String, String> all = notPassed();
        leftOut.forEach(name -> all.put(name, ": left out"));
        return all.entrySet().stream()
                .flatMap(
                        entry -> known
                                .of(entry.getKey())
                                .map(cause -> entry.getKey() + entry.getValue() + "\n        " + cause)
                                .stream())
                .toList();
    }

    /** Tests that pass although there is said to be a cause why they cannot. */
    List<String> passedAgainstExpectation(KnownCauses known) {
        return passed.stream().filter(name -> known.of(name).isPresent()).toList();
    }

    /** The line that a run closes with. */
    String line(KnownCauses known) {
        int explained = explained(known).size();
        return passed.size() + " passed, " + unexplained(known).size() + " failed"
                + (explained == 0 ? "" : ", " + explained + " cannot pass for the known causes above");
    }

    private Map<String, String> notPassed() {
        Map<String, String> all = new LinkedHashMap<>();
        failed.forEach(name -> all.put(name, ""));
        gaveUp.forEach((name, why) -> all.put(name, ": gave up: " + why));
        return all;
    }

    private static boolean has(Element test, String child) {
        return test.getElementsByTagName(child).getLength() > 0;
    }
}
