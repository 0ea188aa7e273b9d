package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.autodaemon.Connection;
import io.github.autodaemon.RemoteException;
import io.github.autodaemon.Rpc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our client calls a daemon that npm's {@code run.js} runs. */
@WithNode
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class NpmDaemonCallsTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    private Workshop typed() {
        return workplace.connect(workplace.npmDaemon()).rpc();
    }

    private Rpc dynamic(String... methods) {
        return workplace
                .connect(workplace.npmDaemon(NpmPackages.script("workshop.js"), methods))
                .rpc();
    }

    @Test
    void callsAreAnswered() {
        Workshop workshop = typed();
        assertThat(workshop.add(2)).isEqualTo(2);
        assertThat(workshop.add(3)).isEqualTo(5);
        assertThat(workshop.pid()).isEqualTo(workplace.daemon().pid());
    }

    @Test
    void callsByNameAreAnswered() {
        Rpc rpc = dynamic("add", "several", "nothing");
        assertThat(rpc.call("add", 2)).isEqualTo(2L);
        rpc.send("add", 3);
        assertThat(rpc.callAsync("add", 4)).succeedsWithin(30, TimeUnit.SECONDS).isEqualTo(9L);
        assertThat(rpc.call("several")).isEqualTo(1L);
        assertThat(rpc.call("nothing")).isNull();
    }

    @Test
    void valuesArriveAsTheyAre() {
        Map<String, Object> nested = Map.of(
                "list", Arrays.asList(1L, 2.5, true, null, "\"\n"), "map", Map.of("a b", Map.of(), "", List.of()));
        assertThat(typed().echo(nested)).isEqualTo(nested);
    }

    @Test
    void aThrownErrorArrivesWithItsProperties() {
        Workshop workshop = typed();
        RemoteException thrown = catchThrowableOfType(RemoteException.class, () -> workshop.fail("no luck"));
        assertThat(thrown).hasMessage("no luck");
        assertThat(thrown.properties())
                .containsEntry("code", "EBOOM")
                .containsEntry("errno", -5L)
                .containsEntry("at", Map.of("line", 3L));
        assertThat(thrown.type()).isEmpty();
        assertThat(workshop.add(1)).isEqualTo(1);
    }

    @Test
    void aMethodThatDoesNotExistIsAnError() {
        Rpc rpc = dynamic("absent", "add");
        assertThatThrownBy(() -> rpc.call("absent"))
                .isInstanceOf(RemoteException.class)
                .hasMessageContaining("undefined");
        assertThat(rpc.call("add", 1)).isEqualTo(1L);
    }

    @Test
    void anAnswerMayComeLater() {
        Workshop workshop = typed();
        assertThat(workshop.later("at last"))
                .succeedsWithin(30, TimeUnit.SECONDS)
                .isEqualTo("at last");
        assertThat(workshop.failLater("never mind"))
                .failsWithin(30, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(RemoteException.class)
                .withMessageContaining("never mind");
    }

    @Test
    void errorFirstIsReadOnRequest() {
        Connection<Rpc> connection = workplace.connect(workplace
                .npmDaemon(NpmPackages.script("workshop.js"), "errorFirst", "failErrorFirst")
                .errorFirst(true));
        assertThat(connection.rpc().call("errorFirst", "value")).isEqualTo("value");
        assertThatThrownBy(() -> connection.rpc().call("failErrorFirst", "no luck"))
                .isInstanceOf(RemoteException.class)
                .hasMessage("no luck");
    }

    @Test
    void anArgumentWithAMessageArrivesWhole() {
        assertThat(typed().post(Map.of("message", "hello", "user", "al"))).isEqualTo("al: hello");
        assertThat(typed().echo(List.of(Map.of("message", "hello")))).isEqualTo(List.of(Map.of("message", "hello")));
    }

    /** npm's convention cannot tell the two apart; what came is all there. */
    @Test
    void aResultWithAMessageIsAnErrorThatHasAllOfIt() {
        Rpc rpc = dynamic("letter");
        RemoteException thrown = catchThrowableOfType(RemoteException.class, () -> rpc.call("letter"));
        assertThat(thrown.properties()).isEqualTo(Map.of("message", "a result with a message", "user", "al"));
    }

    @Test
    void theSecondAnswerToACallIsIgnored() {
        Rpc rpc = dynamic("twice", "add");
        assertThat(rpc.call("twice", "first")).isEqualTo("first");
        assertThat(rpc.call("add", 1)).isEqualTo(1L);
    }

    @Test
    void tenThousandCallsAreAnsweredInTheOrderOfIssue() {
        Rpc rpc = dynamic("add");
        List<CompletableFuture<Object>> answers = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            answers.add(rpc.callAsync("add", 1));
        }
        for (int i = 0; i < 10_000; i++) {
            assertThat(answers.get(i)).succeedsWithin(60, TimeUnit.SECONDS).isEqualTo(i + 1L);
        }
    }

    /** Characters of two, three and four bytes; each text is longer than what node reads at once. */
    @ParameterizedTest
    @CsvSource({"é,50000", "€,90000", "a€,90000", "🙂,40000"})
    void largeTextsAreNotDamaged(String characters, int count) {
        Workshop workshop = typed();
        String text = characters.repeat(count);
        assertThat(workshop.length(text)).isEqualTo(text.length());
        assertThat(text.equals(workshop.echo(text))).isTrue();
    }

    @Test
    void manySmallTextsAtOnceAreNotDamaged() {
        Rpc rpc = dynamic("echo");
        List<String> texts = new ArrayList<>();
        List<CompletableFuture<Object>> answers = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            String text = i + " " + "ä€🙂".repeat(i % 100);
            texts.add(text);
            answers.add(rpc.callAsync("echo", text));
        }
        for (int i = 0; i < 5_000; i++) {
            assertThat(answers.get(i)).succeedsWithin(60, TimeUnit.SECONDS).isEqualTo(texts.get(i));
        }
    }
}
