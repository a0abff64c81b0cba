package dev.weft.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.e2e.faults.WebAnswers.Shown;
import java.util.List;
import org.junit.jupiter.api.Test;

class WebAnswersTest {
    private static final String ONE = """
            {"seconds":10.5,"kinds":[
              {"name":"kept","asked":100,"answered":100,"otherStatus":0,"unsent":0,"again":2,"dismissed":3,"connections":21,
               "took":{"count":100,"p50Micros":400,"p99Micros":900,"maxMicros":2500}},
              {"name":"HTTP/2","asked":50,"answered":48,"otherStatus":1,"unsent":4,"firstError":"answered 503"}],
             "certificates":[{"serial":"a1","count":7,"firstUnixMillis":1000,"lastUnixMillis":2000}]}
            """;
    private static final String ANOTHER = """
            {"seconds":11,"kinds":[
              {"name":"kept","asked":10,"answered":10,"again":1,"took":{"maxMicros":9000}}],
             "certificates":[{"serial":"a1","count":2,"firstUnixMillis":900,"lastUnixMillis":1500},
              {"serial":"b2","count":1,"firstUnixMillis":1600,"lastUnixMillis":1600}]}
            """;

    @Test
    void whatNodesSawIsAddedUp() {
        WebAnswers answers = WebAnswers.of(List.of(json(ONE), json(ANOTHER)));
        assertThat(answers.seconds()).isEqualTo(11);
        assertThat(answers.kinds()).extracting(WebAnswers.Kind::name).containsExactly("kept", "HTTP/2");
        assertThat(answers.asked()).isEqualTo(160);
        assertThat(answers.again()).isEqualTo(3);
        assertThat(answers.dismissed()).isEqualTo(3);
        assertThat(answers.slowestMillis()).isEqualTo(9);
        assertThat(answers.certificates().get("a1")).isEqualTo(new Shown(9, 900, 2000));
        assertThat(answers.certificates()).containsOnlyKeys("a1", "b2");
    }

    @Test
    void whatIsNotAnsweredOrNotSentHasFailed() {
        WebAnswers answers = WebAnswers.of(List.of(json(ONE), json(ANOTHER)));
        assertThat(answers.kinds()).extracting(WebAnswers.Kind::failed).containsExactly(0, 6);
        assertThat(answers.failures()).singleElement().asString().contains("answered 503");
    }

    @Test
    void nothingSeenIsNothingAsked() {
        assertThat(WebAnswers.of(List.of()).asked()).isZero();
    }

    static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
