package io.github.autodaemon.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Commands called by the front, which in these tests may not fall back to a JVM. */
@EnabledOnOs(OS.LINUX)
class FrontCommandTest extends CommandContract {
    @Override
    List<String> caller() throws IOException {
        return TestFront.in(scratch.directory(), scratch.socket()).words();
    }

    @Override
    boolean isJvm() {
        return false;
    }

    /** A JVM opens a file of its own as standard input where there is none. */
    @Test
    void aClosedInputIsEmpty() throws Exception {
        assertThat(run("\"$@\" cat <&-")).isEqualTo(new Ran(0, "", ""));
    }

    @Test
    void whatIsInDoubtIsLeftToTheScript() throws Exception {
        TestFront front = TestFront.in(scratch.directory(), scratch.socket());
        assertThat(run("AUTODAEMON=off \"$@\" add 1")).isEqualTo(front.cold("add 1"));
        assertThat(run("AUTODAEMON_FRONT=off \"$@\" add 1")).isEqualTo(front.cold("add 1"));
        assertThat(run("X=$'\\xff' \"$@\" add 1")).isEqualTo(front.cold("add 1"));
        assertThat(run("mkdir gone && cd gone && rmdir ../gone && \"$@\" add 1").code())
                .isEqualTo(TestFront.COLD);
    }

    /** The same path is another directory there. */
    @Test
    void inAnotherMountNamespaceTheCommandIsCold() throws Exception {
        TestFront front = TestFront.in(scratch.directory(), scratch.socket());
        assertThat(
                        run(
                                "user=; [ \"$(id -u)\" = 0 ] || user='--user --map-root-user'; mkdir m;"
                                        + " exec unshare $user --mount sh -c 'mount -t tmpfs none m && cd m && exec \"$@\"' sh \"$@\" add 1"))
                .isEqualTo(front.cold("add 1"));
        assertThat(run("cd m && \"$@\" add 1").code()).isZero();
    }

    @Test
    void aGigabyteEachWay() throws Exception {
        Ran ran = run("\"$@\" bytes 1000000000 | tee >(cksum >first) | \"$@\" cat | cksum >second;"
                + " until [ -s first ]; do sleep .01; done; cmp first second && cut -d ' ' -f 2 second");
        assertThat(ran).isEqualTo(new Ran(0, "1000000000\n", ""));
    }
}
