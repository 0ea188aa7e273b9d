package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.Connection;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a peer writes on the channel of calls harms nobody but itself. Each of the bad lines ends npm's daemon. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HostileLinesTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    private Connection<Workshop> good;
    private RawClient raw;

    @BeforeEach
    void connect() throws IOException {
        good = workplace.connect();
        raw = workplace.closeLater(new RawClient(workplace.socket()));
    }

    @AfterEach
    void othersAreServedOn() {
        assertThat(good.rpc().add(1)).isEqualTo(1);
        assertThat(workplace.connect().rpc().add(1)).isEqualTo(2);
        assertThat(workplace.daemon().pid()).isEqualTo(good.rpc().pid());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{oops", "null", "5", "\"text\"", "[1]", "[[1],", "{\"a\":1}"})
    void aLineThatIsNoMessageEndsItsOwnConnection(String line) throws IOException {
        raw.opened().text(line + "\n").awaitClosed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", " \t\r"})
    void anEmptyLineMeansNothing(String line) throws IOException {
        raw.opened().text(line + "\n[\"echo\",[1],2]\n");
        assertThat(raw.reply()).isEqualTo("[[1],2]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "\"text\"", "5"})
    void argumentsThatAreNoArrayAreAnError(String args) throws IOException {
        raw.opened().text("[\"add\"," + args + ",2]\n[\"echo\",[1],3]\n");
        assertThat(raw.reply())
                .isEqualTo("[[{\"message\":\"the arguments of \\\"add\\\" are no array: " + args.replace("\"", "\\\"")
                        + "\"}],2]");
        assertThat(raw.reply()).isEqualTo("[[1],3]");
    }

    @Test
    void aLineThatIsCutByTheEndOfTheChannelEndsItsOwnConnection() throws IOException {
        raw.opened().text("[\"add\",[1").frame(RawClient.CALLS, RawClient.END).awaitClosed();
    }

    @Test
    void aLineThatIsCutByTheEndOfTheConnectionIsDropped() throws IOException {
        raw.opened().text("[\"add\",[1],").close();
    }

    /** As a number of 32 bits it is -1, which is what npm takes it for: a call that wants no answer. */
    @Test
    void anIdentifierThatEqualsMinusOneIn32BitsIsAnswered() throws IOException {
        raw.opened()
                .text("[\"echo\",[1],4294967295]\n[\"echo\",[2],8589934591]\n[\"echo\",[3],-1]\n[\"echo\",[4],5]\n");
        assertThat(raw.reply()).isEqualTo("[[1],4294967295]");
        assertThat(raw.reply()).isEqualTo("[[2],8589934591]");
        assertThat(raw.reply()).isEqualTo("[[4],5]");
    }

    @Test
    void aNumberOfAnySizeIsReadOrAnsweredWithAnError() throws IOException {
        raw.opened()
                .text("[\"echo\",[184467440737095516165],2]\n[\"add\",[184467440737095516165],3]\n[\"echo\",[1],4]\n");
        assertThat(raw.reply()).isEqualTo("[[184467440737095516165],2]");
        assertThat(raw.reply()).startsWith("[[{\"message\":\"").endsWith(",3]");
        assertThat(raw.reply()).isEqualTo("[[1],4]");
    }

    @Test
    void eachCallIsAnsweredOnce() throws IOException {
        raw.opened().text("[\"fail\",[\"a\"],2]\n[\"failLater\",[\"b\"],3]\n");
        assertThat(raw.reply() + raw.reply()).contains(",2]").contains(",3]");
        raw.text("[\"fail\",[\"c\"],4]\n[\"later\",[\"d\"],5]\n");
        assertThat(raw.reply() + raw.reply()).contains(",4]").contains(",5]");
        raw.text("[\"echo\",[6],6]\n");
        assertThat(raw.reply()).isEqualTo("[[6],6]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "toString",
                "constructor",
                "valueOf",
                "hasOwnProperty",
                "__proto__",
                "__defineGetter__",
                "hashCode",
                "equals",
                "getClass",
                "notify",
                "wait",
                "emit",
                "on"
            })
    void namesOfTheLanguageAreNoMethods(String name) throws IOException {
        raw.opened().text("[\"" + name + "\",[\"add\"],2]\n[\"echo\",[1],3]\n");
        assertThat(raw.reply()).startsWith("[[{\"message\":\"no method \\\"" + name + "\\\"; there are: ");
        assertThat(raw.reply()).isEqualTo("[[1],3]");
    }

    /** The two bytes of a character come in two frames. */
    @Test
    void aCharacterMayComeInTwoPieces() throws IOException {
        raw.opened().text("[\"echo\",[\"");
        raw.frame(RawClient.CALLS, RawClient.DATA, (byte) 0xc3);
        raw.frame(RawClient.CALLS, RawClient.DATA, (byte) 0xa9).text("\"],2]\n");
        assertThat(raw.reply()).isEqualTo("[[\"é\"],2]");
    }
}
