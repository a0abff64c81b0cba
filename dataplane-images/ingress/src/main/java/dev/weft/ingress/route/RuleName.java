package dev.weft.ingress.route;

/**
 * Where a rule comes from, for logs, metrics and traces.
 *
 * @param kind such as {@code Ingress} or {@code HTTPRoute}
 * @param rule number of the rule in the object, from 0
 */
public record RuleName(String kind, String namespace, String name, int rule) {
    @Override
    public String toString() {
        return kind + " " + namespace + "/" + name + " rule " + rule;
    }
}
