package dev.weft.operator.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Laws of a rollout, over random clusters: nodes prove themselves late, fail, leave, come, and operators change. */
class RolloutTest {
    private static final int RUNS = 2000;
    private static final int MAX_STEPS = 400;

    /** A node of the model. */
    private record Model(boolean ready, String revision, boolean moved, GateResult gate) {}

    private static final GateResult WAITING = new GateResult.Waiting("not yet", Instant.EPOCH);
    private static final GateResult PASSED = new GateResult.Passed();
    private static final GateResult FAILED = new GateResult.Failed("ImagePullBackOff");

    @Test
    void healthyNodesAllMoveOneAtATime() {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            Map<String, Model> nodes = nodes(random);
            Step last = new Step.Begin();
            for (int step = 0; step < MAX_STEPS && !(last instanceof Step.Done); step++) {
                last = next(nodes);
                assertThat(unproven(nodes)).as("seed %d", seed).isLessThanOrEqualTo(1);
                switch (last) {
                    case Step.Move move -> move(nodes, move);
                    case Step.Hold hold -> prove(nodes, hold.node(), random.nextInt(3) == 0 ? PASSED : WAITING);
                    case Step.Skipped skipped -> skipped.nodes().forEach(n -> nodes.put(n, with(node(nodes, n), true)));
                    case Step.Done done -> {}
                    case Step.Begin begin -> {}
                    case Step.Stopped stopped -> throw new AssertionError("seed " + seed + " stopped: " + stopped);
                }
            }
            assertThat(last).as("seed %d", seed).isEqualTo(new Step.Done());
            assertThat(nodes.values()).allMatch(n -> n.revision().equals("new"));
        }
    }

    @Test
    void aNodeThatFailsStopsTheRolloutForGood() {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            Map<String, Model> nodes = nodes(random);
            nodes.replaceAll((name, n) -> with(n, true));
            int good = random.nextInt(nodes.size());
            Optional<Step.Stopped> stopped = Optional.empty();
            for (int step = 0; step < MAX_STEPS && stopped.isEmpty(); step++) {
                switch (next(nodes)) {
                    case Step.Move move -> move(nodes, move);
                    case Step.Hold hold -> prove(nodes, hold.node(), moved(nodes) <= good ? PASSED : FAILED);
                    case Step.Stopped now -> stopped = Optional.of(now);
                    case Step.Done done -> throw new AssertionError("seed " + seed);
                    case Step.Skipped skipped -> throw new AssertionError("seed " + seed);
                    case Step.Begin begin -> {}
                }
            }
            assertThat(stopped).as("seed %d", seed).isPresent();
            assertThat(moved(nodes)).isEqualTo(good + 1);
            // Even when the node gets well, nothing moves until the spec changes.
            nodes.replaceAll((name, n) -> new Model(true, n.revision(), n.moved(), PASSED));
            assertThat(Rollout.next("new", view(nodes), stopped, Waves.ONE_BY_ONE))
                    .isEqualTo(stopped.orElseThrow());
        }
    }

    @Test
    void anotherOperatorDecidesAlike() {
        for (int seed = 0; seed < RUNS; seed++) {
            Map<String, Model> nodes = nodes(new Random(seed));
            assertThat(next(nodes)).isEqualTo(next(new TreeMap<>(nodes)));
            List<RolloutNode> reversed = new ArrayList<>(view(nodes)).reversed();
            assertThat(Rollout.next("new", reversed, Optional.empty(), Waves.ONE_BY_ONE))
                    .isEqualTo(next(nodes));
        }
    }

    @Test
    void nodesThatAreNotReadyAreLeftOut() {
        Map<String, Model> nodes = new TreeMap<>();
        nodes.put("a", new Model(false, "old", false, WAITING));
        nodes.put("b", new Model(true, "old", false, WAITING));
        assertThat(next(nodes)).isEqualTo(new Step.Move(List.of("b")));
        nodes.put("b", new Model(true, "new", true, PASSED));
        assertThat(next(nodes)).isEqualTo(new Step.Skipped(List.of("a")));
    }

    @Test
    void aMovedNodeThatIsNoLongerReadyHoldsTheRollout() {
        Map<String, Model> nodes = new TreeMap<>();
        nodes.put("a", new Model(false, "new", true, WAITING));
        nodes.put("b", new Model(true, "old", false, WAITING));
        assertThat(next(nodes)).isEqualTo(new Step.Hold("a", "not yet"));
    }

    @Test
    void nodesWithoutAnyAgentComeFirst() {
        List<RolloutNode> nodes = List.of(
                new RolloutNode("a", RolloutNode.State.READY, "old", true, false, WAITING),
                new RolloutNode("z", RolloutNode.State.READY, "gone", false, false, WAITING));
        assertThat(Rollout.next("new", nodes, Optional.empty(), Waves.ONE_BY_ONE))
                .isEqualTo(new Step.Move(List.of("z")));
    }

    /** A bad release made its node NotReady; the way back must not wait for it to be ready. */
    @Test
    void aNodeWhoseAgentIsBrokenComesFirstThoughItIsNotReady() {
        List<RolloutNode> nodes = List.of(
                new RolloutNode("a", RolloutNode.State.READY, "old", true, false, WAITING),
                new RolloutNode("b", RolloutNode.State.AWAY, "old", true, false, WAITING),
                new RolloutNode("c", RolloutNode.State.WITHOUT_AGENT, "bad", true, false, WAITING));
        assertThat(Rollout.next("new", nodes, Optional.empty(), Waves.ONE_BY_ONE))
                .isEqualTo(new Step.Move(List.of("c")));
    }

    @Test
    void wavesMayBeWider() {
        Map<String, Model> nodes = new TreeMap<>();
        for (String name : List.of("a", "b", "c", "d")) {
            nodes.put(name, new Model(true, "old", false, WAITING));
        }
        assertThat(Rollout.next("new", view(nodes), Optional.empty(), (moved, total) -> moved == 0 ? 1 : 3))
                .isEqualTo(new Step.Move(List.of("a")));
        nodes.put("a", new Model(true, "new", true, PASSED));
        assertThat(Rollout.next("new", view(nodes), Optional.empty(), (moved, total) -> moved == 0 ? 1 : 3))
                .isEqualTo(new Step.Move(List.of("b", "c", "d")));
    }

    private static Map<String, Model> nodes(Random random) {
        Map<String, Model> nodes = new TreeMap<>();
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            nodes.put("node" + i, new Model(random.nextInt(4) > 0, "old", false, WAITING));
        }
        return nodes;
    }

    private static Step next(Map<String, Model> nodes) {
        return Rollout.next("new", view(nodes), Optional.empty(), Waves.ONE_BY_ONE);
    }

    private static List<RolloutNode> view(Map<String, Model> nodes) {
        return nodes.entrySet().stream()
                .map(e -> new RolloutNode(
                        e.getKey(),
                        e.getValue().ready() ? RolloutNode.State.READY : RolloutNode.State.AWAY,
                        e.getValue().revision(),
                        true,
                        e.getValue().moved(),
                        e.getValue().gate()))
                .toList();
    }

    private static void move(Map<String, Model> nodes, Step.Move move) {
        for (String name : move.nodes()) {
            assertThat(node(nodes, name).ready()).isTrue();
            nodes.put(name, new Model(true, "new", true, WAITING));
        }
    }

    private static void prove(Map<String, Model> nodes, String name, GateResult gate) {
        Model node = node(nodes, name);
        nodes.put(name, new Model(node.ready(), node.revision(), node.moved(), gate));
    }

    private static Model with(Model node, boolean ready) {
        return new Model(ready, node.revision(), node.moved(), node.gate());
    }

    private static Model node(Map<String, Model> nodes, String name) {
        return Optional.ofNullable(nodes.get(name)).orElseThrow();
    }

    private static long unproven(Map<String, Model> nodes) {
        return nodes.values().stream()
                .filter(n -> n.moved() && !n.gate().equals(PASSED))
                .count();
    }

    private static long moved(Map<String, Model> nodes) {
        return nodes.values().stream().filter(Model::moved).count();
    }
}
