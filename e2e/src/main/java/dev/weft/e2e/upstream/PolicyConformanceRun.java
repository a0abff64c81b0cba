package dev.weft.e2e.upstream;

import dev.weft.e2e.images.UpstreamImages;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.process.Progress;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of the conformance tests of network-policy-api: ClusterNetworkPolicy, standard and experimental features. The
 * CRD, of the experimental channel, which has all of the standard one, is installed in a cluster where Weft runs already,
 * as users do.
 *
 * @param focus regular expression of the tests to run, empty for all
 * @param skip regular expression of the tests to leave out, empty for none
 * @param output folder for the log and the conformance report
 */
record PolicyConformanceRun(String focus, String skip, Path output) implements Tests {
    private static final String MODULE = "sigs.k8s.io/network-policy-api";
    private static final String CRD = "config/crd/experimental/policy.networking.k8s.io_clusternetworkpolicies.yaml";
    private static final String TEST = "TestConformanceProfiles";
    private static final String FEATURES =
            "ClusterNetworkPolicy,ClusterNetworkPolicyNamedPorts,ClusterNetworkPolicyEgressNodePeers";

    @Override
    public List<Path> images(UpstreamImages images) {
        return images.policyTests();
    }

    @Override
    public void prepare(ProgramCache programs) {
        programs.folder(GoModule.NETWORK_POLICY_API);
    }

    @Override
    public UpstreamResult run(Lab lab, ProgramCache programs, Progress progress) {
        install(lab, programs.source(GoModule.NETWORK_POLICY_API, MODULE).resolve(CRD));
        Path log = output.resolve("cluster-network-policy.log");
        List<String> command = new ArrayList<>(List.of(
                programs.program(GoModule.NETWORK_POLICY_API, "conformance.test")
                        .toString(),
                "-test.v",
                "-test.timeout=0",
                "-test.run=^" + TEST + "$" + (focus.isEmpty() ? "" : "/" + focus),
                "-conformance-profiles=ClusterNetworkPolicy",
                "-supported-features=" + FEATURES,
                "-organization=weft",
                "-project=weft",
                "-url=https://weft.dev",
                "-version=" + lab.client().getKubernetesVersion().getGitVersion(),
                "-contact=weft",
                "-additional-info=make e2e SUITE=cluster-network-policy",
                "-report-output=" + output.resolve("cluster-network-policy-report.yaml")));
        if (!skip.isEmpty()) {
            command.add("-test.skip=" + TEST + "/" + skip);
        }
        GoTestLines tests = new GoTestLines(progress, 1);
        int code = new SuiteProgram(command, log).run(lab, tests::accept);
        UpstreamResult result = tests.result();
        if (code != 0 && result.failed().isEmpty()) {
            throw new LabException("the tests ended with code " + code + " and no failure; see " + log);
        }
        return result;
    }

    private static void install(Lab lab, Path crd) {
        try (InputStream yaml = Files.newInputStream(crd)) {
            lab.client().load(yaml).fieldManager("weft-lab").forceConflicts().serverSideApply();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + crd, e);
        }
    }
}
