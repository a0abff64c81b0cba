package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HttpRule;
import java.util.List;

/** Makes filters ready. */
public interface StepMaker {
    List<Step> steps(HttpRule rule, List<Filter> filters, Plan plan);
}
