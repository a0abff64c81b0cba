package dev.weft.operator.dns;

import java.util.ArrayList;
import java.util.List;

/**
 * CoreDNS' configuration as it is written: blocks of servers, each with directives. The syntax is that of
 * {@code coredns.io/manual/configuration} and of {@code caddyfile/lexer.go} in github.com/coredns/caddy; snippets and
 * {@code import} are kept as any other block and directive.
 *
 * @param servers in their order
 */
record Corefile(List<Server> servers) {
    private static final int MAX_LENGTH = 1 << 20;
    private static final int MAX_DEPTH = 16;

    Corefile {
        servers = List.copyOf(servers);
    }

    /**
     * A block.
     *
     * @param keys what it serves, such as {@code .:53}
     */
    record Server(List<String> keys, List<Directive> directives) {
        Server {
            keys = List.copyOf(keys);
            directives = List.copyOf(directives);
        }
    }

    /**
     * A line, and the lines in braces that belong to it.
     *
     * @param line its number, from 1
     */
    record Directive(String name, List<String> arguments, List<Directive> block, int line) {
        Directive {
            arguments = List.copyOf(arguments);
            block = List.copyOf(block);
        }
    }

    /**
     * Any text has a Corefile or an error.
     *
     * @throws CorefileException if it is none
     */
    static Corefile parse(String text) throws CorefileException {
        if (text.length() > MAX_LENGTH) {
            throw new CorefileException("the Corefile has more than " + MAX_LENGTH + " characters");
        }
        return new Parser(CorefileLexer.words(text)).file();
    }

    private static final class Parser {
        private final List<CorefileLexer.Word> words;
        private int at;

        Parser(List<CorefileLexer.Word> words) {
            this.words = words;
        }

        Corefile file() throws CorefileException {
            List<Server> servers = new ArrayList<>();
            while (at < words.size()) {
                servers.add(server());
            }
            return new Corefile(servers);
        }

        private Server server() throws CorefileException {
            List<String> keys = new ArrayList<>();
            int line = words.get(at).line();
            while (at < words.size() && !words.get(at).opens()) {
                CorefileLexer.Word word = words.get(at++);
                if (word.closes()) {
                    throw new CorefileException("line " + word.line() + ": a closing brace that nothing opened");
                }
                for (String key : word.text().split(",")) {
                    if (!key.isBlank()) {
                        keys.add(key);
                    }
                }
            }
            if (at == words.size()) {
                throw new CorefileException("line " + line + ": no brace after " + String.join(" ", keys));
            }
            at++;
            return new Server(keys, directives(line, 1));
        }

        /** Up to the brace that closes, which is read too. */
        private List<Directive> directives(int opened, int depth) throws CorefileException {
            if (depth > MAX_DEPTH) {
                throw new CorefileException("line " + opened + ": braces in more than " + MAX_DEPTH + " others");
            }
            List<Directive> directives = new ArrayList<>();
            while (at < words.size()) {
                CorefileLexer.Word word = words.get(at++);
                if (word.closes()) {
                    return directives;
                }
                if (word.opens()) {
                    throw new CorefileException("line " + word.line() + ": a brace without a name in front of it");
                }
                directives.add(directive(word, depth));
            }
            throw new CorefileException("line " + opened + ": a brace that nothing closes");
        }

        private Directive directive(CorefileLexer.Word name, int depth) throws CorefileException {
            List<String> arguments = new ArrayList<>();
            while (at < words.size()
                    && words.get(at).line() == name.line()
                    && !words.get(at).opens()
                    && !words.get(at).closes()) {
                arguments.add(words.get(at++).text());
            }
            boolean opens =
                    at < words.size() && words.get(at).opens() && words.get(at).line() == name.line();
            if (opens) {
                at++;
            }
            return new Directive(
                    name.text(), arguments, opens ? directives(name.line(), depth + 1) : List.of(), name.line());
        }
    }
}
