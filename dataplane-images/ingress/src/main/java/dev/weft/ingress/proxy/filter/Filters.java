package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.exchange.Plan;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.proxy.exchange.StepMaker;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HttpRule;
import java.util.ArrayList;
import java.util.List;

/** Makes a step of each filter. */
public final class Filters implements StepMaker {
    private final LimitStates limits = new LimitStates();
    private final PasswordCheck passwords = new PasswordCheck();

    @Override
    public List<Step> steps(HttpRule rule, List<Filter> filters, Plan plan) {
        List<Step> steps = new ArrayList<>(filters.size());
        for (Filter filter : filters) {
            steps.add(step(rule, filter, plan));
        }
        return steps;
    }

    private Step step(HttpRule rule, Filter filter, Plan plan) {
        return switch (filter) {
            case Filter.RequestHeaders headers -> new RequestHeadersStep(headers.edits());
            case Filter.ResponseHeaders headers -> new ResponseHeadersStep(headers.edits());
            case Filter.Redirect redirect -> new RedirectStep(redirect, rule.matchedPrefix());
            case Filter.RedirectTo redirect -> new RedirectToStep(redirect);
            case Filter.ToHttps redirect -> new ToHttpsStep(redirect);
            case Filter.Rewrite rewrite -> new RewriteStep(rewrite, rule.matchedPrefix());
            case Filter.Mirror mirror -> new MirrorStep(mirror, plan.cluster(mirror.upstream()));
            case Filter.Cors cors -> new CorsStep(cors);
            case Filter.Sources sources -> new SourcesStep(sources);
            case Filter.RateLimit limit -> LimitStep.of(limit, limits.rate(limit));
            case Filter.ConcurrencyLimit limit -> LimitStep.of(limit, limits.concurrency(limit));
            case Filter.BasicAuth auth -> new BasicAuthStep(auth, passwords);
            case Filter.ClientSubject subject -> new ClientSubjectStep(subject);
            case Filter.PathHeader header -> new PathHeaderStep(header);
            case Filter.ErrorPages pages ->
                exchange -> {
                    exchange.errorPages(pages, plan.cluster(pages.upstream()));
                    return Step.Outcome.PASS;
                };
            case Filter.NoAccessLog none ->
                exchange -> {
                    exchange.quiet();
                    return Step.Outcome.PASS;
                };
            case Filter.ExternalAuth auth -> new ExternalAuthStep(auth, plan.cluster(auth.upstream()));
        };
    }

    /** Forgets what has not been asked for in a while. */
    public void tidy() {
        limits.tidy();
    }
}
