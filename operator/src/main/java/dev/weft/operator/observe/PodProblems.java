package dev.weft.operator.observe;

import dev.weft.operator.observe.AgentPod.PodProblem;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds what keeps a pod from being ready, in the order in which a person would look. */
final class PodProblems {
    private static final int MESSAGE_LIMIT = 200;

    /** Reasons of waiting that time alone does not cure; kubelet, pkg/kubelet/container/sync_result.go and images. */
    private static final Set<String> LASTING = Set.of(
            "ImagePullBackOff",
            "ErrImagePull",
            "ErrImageNeverPull",
            "InvalidImageName",
            "ImageInspectError",
            "CreateContainerConfigError",
            "CreateContainerError",
            "RunContainerError",
            "CrashLoopBackOff");

    /** Waiting that every pod goes through. */
    private static final Set<String> ORDINARY = Set.of("ContainerCreating", "PodInitializing");

    private PodProblems() {}

    static Optional<PodProblem> of(Pod pod) {
        if (condition(pod, "Ready").filter(c -> c.getStatus().equals("True")).isPresent()) {
            return Optional.empty();
        }
        List<ContainerStatus> containers = Optional.ofNullable(pod.getStatus())
                .map(s -> Readers.orEmpty(s.getContainerStatuses()))
                .orElse(List.of());
        return containers.stream()
                .flatMap(c -> of(c).stream())
                .findFirst()
                .or(() -> condition(pod, "PodScheduled")
                        .filter(c -> c.getStatus().equals("False"))
                        .map(c -> new PodProblem("", text(c.getReason()), text(c.getMessage()), false)));
    }

    static Optional<PodCondition> condition(Pod pod, String type) {
        return Optional.ofNullable(pod.getStatus())
                .flatMap(s -> Readers.orEmpty(s.getConditions()).stream()
                        .filter(c -> c.getType().equals(type))
                        .findFirst());
    }

    private static Optional<PodProblem> of(ContainerStatus container) {
        ContainerState state = Objects.requireNonNullElseGet(container.getState(), ContainerState::new);
        ContainerStateWaiting waiting = state.getWaiting();
        if (waiting != null && !ORDINARY.contains(text(waiting.getReason()))) {
            String reason = text(waiting.getReason());
            String message = reason.equals("CrashLoopBackOff") ? lastExit(container) : text(waiting.getMessage());
            return Optional.of(new PodProblem(container.getName(), reason, message, LASTING.contains(reason)));
        }
        ContainerStateTerminated terminated = state.getTerminated();
        if (terminated != null) {
            return Optional.of(new PodProblem(container.getName(), "Terminated", exit(terminated), false));
        }
        return state.getRunning() != null && !Boolean.TRUE.equals(container.getReady())
                ? Optional.of(new PodProblem(container.getName(), "NotReady", "runs, but is not ready", false))
                : Optional.empty();
    }

    private static String lastExit(ContainerStatus container) {
        return Optional.ofNullable(container.getLastState())
                .map(ContainerState::getTerminated)
                .map(PodProblems::exit)
                .orElse("");
    }

    private static String exit(ContainerStateTerminated terminated) {
        String message = text(terminated.getMessage());
        return "exit code " + terminated.getExitCode() + (message.isEmpty() ? "" : ": " + message);
    }

    private static String text(@Nullable String text) {
        String line = text == null ? "" : text.strip().replace('\n', ' ');
        return line.length() <= MESSAGE_LIMIT ? line : line.substring(0, MESSAGE_LIMIT) + "…";
    }
}
