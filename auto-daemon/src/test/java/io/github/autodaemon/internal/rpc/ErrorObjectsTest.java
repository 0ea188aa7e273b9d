package io.github.autodaemon.internal.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.internal.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigInteger;
import java.nio.file.NoSuchFileException;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ErrorObjectsTest {
    private static final int MAX_TEXT = 64 * 1024;

    private static final String MY_TYPE = Refused.class.getName();

    @SuppressWarnings({"unused", "FieldCanBeFinal"})
    static class Base extends RuntimeException {
        private static final long serialVersionUID = 1;

        public final int code;
        private final @Nullable String document = null;
        private final String password = "not told";
        final String token = "nor this";
        protected final String key = "nor this";
        private final String path = "/home/somebody/a.txt";
        private final int line = 3;
        private final boolean again = true;
        private final String broken = "nor this";
        public final transient String secret = "nor this";

        Base(String message, @Nullable Throwable cause, int code) {
            super(message, cause);
            this.code = code;
        }

        public @Nullable String document() {
            return document;
        }

        /** What is shown is what is told. */
        public String getPath() {
            return "a.txt";
        }

        int getLine() {
            return line;
        }

        public boolean isAgain() {
            return again;
        }

        public String getBroken() {
            throw new AssertionError(broken);
        }
    }

    @SuppressWarnings({"unused", "HidingField"})
    static final class Refused extends Base {
        private static final long serialVersionUID = 1;
        static final int LIMIT = 5;

        public final String code = "E_REFUSED";
        public final boolean retry = true;
        public final double factor = 0.5;
        public final double none = Double.NaN;
        public final BigInteger vast = BigInteger.ONE.shiftLeft(10_000);
        public final DayOfWeek day = DayOfWeek.FRIDAY;
        public final @Nullable Long left = null;
        public final java.util.@Nullable Date unknown = null;
        public final transient List<String> list = List.of("not simple");
        public final String message = "not this";
        public final String stack = "nor this";

        Refused(String message, @Nullable Throwable cause) {
            super(message, cause, 7);
        }
    }

    @Test
    void messageTypeAndWhatItShows() {
        Map<String, @Nullable Object> error = ErrorObjects.of(new Refused("full", null), false);
        assertThat(Json.text(error))
                .isEqualTo("{\"message\":\"full\",\"name\":\"ErrorObjectsTest$Refused\",\"type\":\"" + MY_TYPE
                        + "\",\"code\":\"E_REFUSED\",\"retry\":true,\"factor\":0.5,\"day\":\"FRIDAY\",\"left\":null,"
                        + "\"document\":null,\"path\":\"a.txt\",\"again\":true}");
    }

    /** Those of the JDK say in their message what is to be said. */
    @Test
    void fieldsOfTheJdkAreLeftOut() {
        assertThat(Json.text(ErrorObjects.of(new NoSuchFileException("/a", "/b", "gone"), false)))
                .isEqualTo("{\"message\":\"/a -> /b: gone\",\"name\":\"NoSuchFileException\","
                        + "\"type\":\"java.nio.file.NoSuchFileException\"}");
    }

    @Test
    void causes() {
        Throwable root = new IOException("disk");
        Throwable thrown = new IllegalStateException("no index", new IllegalArgumentException(null, root));
        assertThat(Json.text(ErrorObjects.of(thrown, false)))
                .isEqualTo("{\"message\":\"no index\",\"name\":\"IllegalStateException\","
                        + "\"type\":\"java.lang.IllegalStateException\",\"causes\":["
                        + "{\"message\":\"java.lang.IllegalArgumentException\","
                        + "\"type\":\"java.lang.IllegalArgumentException\"},"
                        + "{\"message\":\"disk\",\"type\":\"java.io.IOException\"}]}");
    }

    @Test
    void aCircleOfCausesEnds() {
        Throwable first = new IllegalStateException("first");
        first.initCause(new IllegalStateException("second", first));
        assertThat(ErrorObjects.of(first, true).get("causes"))
                .isEqualTo(List.of(Map.of("message", "second", "type", "java.lang.IllegalStateException")));
    }

    @Test
    void manyCausesAreCut() {
        Throwable thrown = new IllegalStateException("0");
        for (int i = 1; i < 100_000; i++) {
            thrown = new IllegalStateException(Integer.toString(i), thrown);
        }
        Map<String, @Nullable Object> error = ErrorObjects.of(thrown, false);
        assertThat((List<?>) error.get("causes")).hasSize(10);
    }

    @Test
    void longTextsAreCut() {
        String text = "x".repeat(MAX_TEXT - 4) + "\ud83d\ude00".repeat(MAX_TEXT);
        Throwable thrown = new IllegalStateException(text, new IOException(text));
        Map<String, @Nullable Object> error = ErrorObjects.of(thrown, true);
        String cut = "x".repeat(MAX_TEXT - 4) + "...";
        assertThat(error.get("message")).isEqualTo(cut);
        assertThat(error.get("causes")).isEqualTo(List.of(Map.of("message", cut, "type", "java.io.IOException")));
        assertThat(String.valueOf(error.get("stack")))
                .hasSizeLessThanOrEqualTo(MAX_TEXT)
                .endsWith("...");
    }

    @Test
    void theStackOnRequest() {
        Throwable thrown = new IllegalStateException("no index", new IOException("disk"));
        assertThat(ErrorObjects.of(thrown, false)).doesNotContainKey("stack");
        String stack = String.valueOf(ErrorObjects.of(thrown, true).get("stack"));
        assertThat(stack)
                .startsWith("java.lang.IllegalStateException: no index\n\tat " + ErrorObjectsTest.class.getName()
                        + ".theStackOnRequest(")
                .contains("\nCaused by: java.io.IOException: disk\n");
    }

    static final class Hostile extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message today");
        }

        @Override
        public void printStackTrace(PrintWriter out) {
            throw new IllegalStateException("no stack today");
        }
    }

    @Test
    void anExceptionWhoseMethodsFail() {
        assertThat(ErrorObjects.of(new Hostile(), true))
                .containsEntry("message", Hostile.class.getName())
                .containsEntry("stack", "(and then printStackTrace() failed: java.lang.IllegalStateException)");
    }

    @Test
    void anEmptyMessageIsTheType() {
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        all.add(ErrorObjects.of(new IllegalStateException(), false));
        all.add(ErrorObjects.of(new IllegalStateException(""), false));
        assertThat(all)
                .allSatisfy(error -> assertThat(error).containsEntry("message", "java.lang.IllegalStateException"));
    }
}
