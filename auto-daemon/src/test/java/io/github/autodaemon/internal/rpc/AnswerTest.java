package io.github.autodaemon.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.internal.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {
    private static Response answer(String args, boolean errorFirst) throws IOException {
        return Response.of(new ArrayList<>((List<?>) Json.parse(args, 10)), errorFirst);
    }

    private static void isValue(Object expected, String args, boolean errorFirst) throws IOException {
        assertThat(answer(args, errorFirst)).isEqualTo(new Response(expected, null));
    }

    @Test
    void valueFirst() throws IOException {
        isValue(5L, "[5]", false);
        isValue(5L, "[5,\"more\"]", false);
        isValue(false, "[false]", false);
        isValue("", "[\"\"]", false);
        isValue(7L, "[null,7]", false);
        assertThat(answer("[]", false)).isEqualTo(new Response(null, null));
        assertThat(answer("[null]", false)).isEqualTo(new Response(null, null));
    }

    @Test
    void errorFirst() throws IOException {
        isValue(7L, "[null,7]", true);
        isValue(Map.of("message", "no error"), "[null,{\"message\":\"no error\"}]", true);
        assertThat(answer("[null]", true)).isEqualTo(new Response(null, null));
        assertThat(answer("[\"bad\",null]", true)).isEqualTo(new Response(null, Map.of("message", "bad")));
        assertThat(answer("[{\"code\":5},null]", true))
                .isEqualTo(new Response(null, Map.of("message", "{\"code\":5}")));
        isValue("alone", "[\"alone\"]", true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"boom\"", "5", "true", "[]", "{}"})
    void anObjectWithAMessageIsAnError(String message) throws IOException {
        String args = "[{\"message\":" + message + ",\"code\":\"E\"}]";

        assertThat(String.valueOf(answer(args, false).error())).contains("code=E");
        assertThat(String.valueOf(answer(args, true).error())).contains("code=E");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "0", "-0", "0.0", "false", "null"})
    void anEmptyMessageIsNone(String message) throws IOException {
        Response answer = answer("[{\"message\":" + message + "}]", false);

        assertThat(answer.error()).isNull();
        assertThat(answer.value()).isInstanceOf(Map.class);
    }
}
