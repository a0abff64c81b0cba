package dev.weft.e2e.upstream;

import dev.weft.e2e.lab.LabException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * How the tests ended.
 *
 * @param passed how many passed
 * @param failed the names of those that did not
 */
record UpstreamResult(int passed, List<String> failed) {
    UpstreamResult {
        failed = List.copyOf(failed);
    }

    /**
     * Reads ginkgo's JUnit report. Tests left out are not counted; a failure outside of all tests counts as one.
     *
     * @throws LabException if it is not one
     */
    static UpstreamResult read(Path report) {
        NodeList cases;
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            cases = factory.newDocumentBuilder().parse(report.toFile()).getElementsByTagName("testcase");
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new LabException("cannot read the report " + report, e);
        }
        int passed = 0;
        List<String> failed = new ArrayList<>();
        for (int i = 0; i < cases.getLength(); i++) {
            Element test = (Element) cases.item(i);
            String name = test.getAttribute("name");
            if (has(test, "failure") || has(test, "error")) {
                failed.add(name);
            } else if (name.startsWith("[It]") && !has(test, "skipped")) {
                passed++;
            }
        }
        return new UpstreamResult(passed, failed);
    }

    /** The line that a run closes with. */
    String line() {
        return passed + " passed, " + failed.size() + " failed";
    }

    private static boolean has(Element test, String child) {
        return test.getElementsByTagName(child).getLength() > 0;
    }
}
