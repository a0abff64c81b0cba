package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.match.BoundedText;
import dev.weft.ingress.proxy.exchange.Exchange;
import dev.weft.ingress.proxy.exchange.Peer;
import dev.weft.ingress.proxy.exchange.Step;
import dev.weft.ingress.route.Filter;

/** Refuses clients whose certificate is for somebody else. */
final class ClientSubjectStep implements Step {
    private final Filter.ClientSubject subject;

    ClientSubjectStep(Filter.ClientSubject subject) {
        this.subject = subject;
    }

    @Override
    public Outcome apply(Exchange exchange) {
        Peer.Secured secured = exchange.peer().secured();
        String shown = secured == null ? "" : secured.subject();
        try {
            if (!shown.isEmpty()
                    && subject.pattern().matcher(new BoundedText(shown)).find()) {
                return Outcome.PASS;
            }
        } catch (BoundedText.ExhaustedException | StackOverflowError e) {
            // Too hard to say is not allowed.
        }
        exchange.fail(403, "certificate's subject does not fit");
        return Outcome.ANSWERED;
    }
}
