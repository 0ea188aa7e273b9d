package io.github.autodaemon.front;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.front.Desk.Running;
import io.github.autodaemon.testing.Processes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Signals, which a command gets and by which it ends. */
@Timeout(60)
@ParameterizedClass
@EnumSource(
        value = Build.class,
        names = {"COMMITTED", "SANITIZED"})
class FrontSignalTest extends WithEachBuild {
    /** A command that has begun: it has read a word. */
    private static void begin(Running running, FakeDaemon.Front front) throws Exception {
        front.send(FakeDaemon.piece(FakeDaemon.STDOUT, "begun\n".getBytes(UTF_8)));
        running.awaitOut("begun\n");
    }

    @ParameterizedTest
    @CsvSource({"HUP,1", "INT,2", "QUIT,3", "TERM,15"})
    void isToldAndDiesByIt(String name, int number) throws Exception {
        Running running = Desk.start(Desk.unblocked(desk.command()));
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            begin(running, front);
            Processes.signal(running.pid(), name);
            assertThat(front.piece().all()).isEqualTo("2 " + number);
            front.send(FakeDaemon.piece(FakeDaemon.STDOUT, "bye\n".getBytes(UTF_8)));
            front.end(FakeDaemon.exit(5, number, 0));
        }
        assertThat(running.code()).isEqualTo(128 + number);
        assertThat(running.out()).isEqualTo("begun\nbye\n");
        assertThat(running.err()).isEmpty();
    }

    /** A shell says by what its child has died, so that a mere exit code does not pass for it. */
    @ParameterizedTest
    @CsvSource({"1,Hangup", "3,Quit", "9,Killed", "15,Terminated"})
    void itIsTheSignalAndNoExitCode(int number, String word) throws Exception {
        Running running = Desk.start(desk.shellOf("bash", "\"$@\"; echo $?"));
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.end(FakeDaemon.exit(5, number, 0));
        }
        assertThat(running.out()).isEqualTo(128 + number + "\n");
        assertThat(running.err()).contains(word).doesNotContain("core dumped");
    }

    @Test
    void aCommandThatEndsNevertheless() throws Exception {
        Running running = desk.start();
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            begin(running, front);
            Processes.signal(running.pid(), "TERM");
            assertThat(front.piece().all()).isEqualTo("2 15");
            front.exit(5);
        }
        assertThat(running.code()).isEqualTo(5);
    }

    @Test
    void theSecondOneEndsIt() throws Exception {
        Running running = desk.start();
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            begin(running, front);
            Processes.signal(running.pid(), "INT");
            assertThat(front.piece().all()).isEqualTo("2 2");
            Processes.signal(running.pid(), "TERM");
            assertThat(front.piece()).isNull();
        }
        assertThat(running.code()).isEqualTo(130);
    }

    /** And one that is handled is not ended, though it was told first. */
    @Test
    void graceEndsIt() throws Exception {
        Running handled = desk.start();
        try (FakeDaemon.Front handler = desk.daemon().accept()) {
            begin(handled, handler);
            Processes.signal(handled.pid(), "INT");
            assertThat(handler.piece().all()).isEqualTo("2 2");
            handler.send(FakeDaemon.piece(FakeDaemon.HANDLED, (byte) 2), FakeDaemon.read(1));
            assertThat(handler.piece().all()).isEqualTo("1");
            Running running = desk.start();
            try (FakeDaemon.Front front = desk.daemon().accept()) {
                begin(running, front);
                Processes.signal(running.pid(), "HUP");
                assertThat(front.piece().all()).isEqualTo("2 1");
                assertThat(front.piece()).isNull();
            }
            assertThat(running.code()).isEqualTo(129);
            handler.exit(0);
        }
        assertThat(handled.code()).isZero();
    }

    @Test
    void whatTheProgramHandlesIsToldEachTime() throws Exception {
        Running running = desk.start();
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            begin(running, front);
            Processes.signal(running.pid(), "INT");
            assertThat(front.piece().all()).isEqualTo("2 2");
            front.send(FakeDaemon.piece(FakeDaemon.HANDLED, (byte) 2), FakeDaemon.read(1));
            assertThat(front.piece().all()).isEqualTo("1");
            for (int i = 0; i < 3; i++) {
                Processes.signal(running.pid(), "INT");
                assertThat(front.piece().all()).isEqualTo("2 2");
            }
            // Another one is the first of those that end it.
            Processes.signal(running.pid(), "TERM");
            assertThat(front.piece().all()).isEqualTo("2 15");
            // One that is handled is not the second.
            Processes.signal(running.pid(), "INT");
            assertThat(front.piece().all()).isEqualTo("2 2");
            // And its being handled says nothing of the other.
            front.send(FakeDaemon.piece(FakeDaemon.HANDLED, (byte) 2), FakeDaemon.read(1));
            assertThat(front.piece().all()).isEqualTo("1");
            Processes.signal(running.pid(), "TERM");
            assertThat(front.piece()).isNull();
        }
        assertThat(running.code()).isEqualTo(143);
    }

    @Test
    void whatWasIgnoredStaysSo() throws Exception {
        Running running = Desk.start(Desk.unblocked(desk.shell("trap '' INT HUP; exec \"$@\"")));
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            begin(running, front);
            Processes.signal(running.pid(), "INT");
            Processes.signal(running.pid(), "HUP");
            Processes.signal(running.pid(), "QUIT");
            assertThat(front.piece().all()).isEqualTo("2 3");
            front.end(FakeDaemon.exit(0, 3, 0));
        }
        assertThat(running.code()).isEqualTo(131);
    }

    /** It dies of one that it ignores, since the command has. */
    @Test
    void diesOfWhatItIgnores() throws Exception {
        Running running = Desk.start(desk.shell("trap '' TERM; exec \"$@\""));
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            front.end(FakeDaemon.exit(0, 15, 0));
        }
        assertThat(running.code()).isEqualTo(143);
    }

    /** What the start script ignores and what it does not are as they were. */
    @Test
    void coldChangesNothing() throws Exception {
        Desk.script(desk.script(), "#!/bin/sh\ngrep '^Sig[BI]' /proc/self/status\n");
        desk.writeStamp();
        String expected = null;
        for (String stamp : new String[] {"nothing", "stamp"}) {
            ProcessBuilder builder = desk.shell("trap '' QUIT USR1; exec \"$@\"");
            builder.command().set(5, desk.path(stamp).toString());
            Running running = Desk.start(builder);
            if (stamp.equals("stamp")) {
                try (FakeDaemon.Front front = desk.daemon().next()) {
                    front.hello();
                    String unused = front.commandLine();
                }
            }
            assertThat(running.code()).isZero();
            expected = expected == null ? running.out() : expected;
            assertThat(running.out()).isEqualTo(expected);
        }
    }

    /** The main thread waits for whoever reads its output; the signal is told all the same. */
    @Test
    void whileAWriteBlocks() throws Exception {
        Process process = desk.command().start();
        process.getOutputStream().close();
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            // More than the pipe and the socket take, and then all of it is in the front's hands.
            Thread writer = new Thread(() -> {
                try {
                    front.send(FakeDaemon.piece(FakeDaemon.STDOUT, new byte[1 << 20]));
                } catch (java.io.IOException e) {
                    assertThat(e).isNotNull();
                }
            });
            writer.start();
            assertThat(process.getInputStream().read()).isZero();
            Processes.signal(process.pid(), "INT");
            assertThat(front.piece().all()).isEqualTo("2 2");
            Processes.signal(process.pid(), "INT");
            assertThat(front.piece()).isNull();
            writer.join();
        }
        assertThat(process.waitFor()).isEqualTo(130);
    }

    /** An alarm of whoever has started the command is that one's. */
    @Test
    void anAlarmFromBefore() throws Exception {
        java.nio.file.Path perl = Tools.need("perl");
        ProcessBuilder builder = desk.command();
        builder.command().addAll(0, java.util.List.of(perl.toString(), "-e", "alarm 1; exec @ARGV"));
        Running running = Desk.start(builder);
        try (FakeDaemon.Front front = desk.daemon().accept()) {
            assertThat(front.piece()).isNull();
        }
        assertThat(running.code()).isEqualTo(128 + 14);
    }
}
