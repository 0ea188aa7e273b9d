package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.Connection;
import io.github.autodaemon.Server;
import io.github.autodaemon.contract.EndsService;
import io.github.autodaemon.contract.EndsService.Ends;
import io.github.autodaemon.contract.StreamContract;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract of streams with node on the other end, as far as npm's code allows; where it does not, a test says what holds. */
@WithNode
class NpmStreamContractTest {
    private static final String UNSAID = "the peer cancelled the stream";

    /** One end is npm's; the other is this library's, in this process. */
    abstract static class WithNpm extends StreamContract {
        @RegisterExtension
        final Workplace workplace = new Workplace();

        String control() {
            return workplace.directory().resolve("c").toString();
        }

        AutoDaemonBuilder<Ends> daemon() {
            return AutoDaemon.of(Ends.class, EndsService.class).socket(workplace.socket());
        }

        /** Connects, so that the puppet comes. */
        abstract void connect() throws Exception;

        @Override
        protected void open() throws Exception {
            try (ServerSocketChannel stage = Puppet.stage(workplace.directory().resolve("c"))) {
                connect();
                Puppet puppet = Puppet.enter(stage);
                workplace.closeLater(puppet::leave);
                there = puppet;
            }
        }
    }

    /** The service's end is here. */
    @Nested
    class NpmsClient extends WithNpm {
        @Override
        void connect() throws Exception {
            Server server = daemon().build().createServer().listen();
            workplace.closeLater(() -> {
                server.close();
                server.gone().join();
            });
            EndsService.forget();
            workplace.node("puppet-client.js", control());
            here = EndsService.take();
        }

        /** npm's client resets the stream without a word. */
        @Override
        protected String heardHere(String reason) {
            return UNSAID;
        }
    }

    /** The client's end is here. */
    @Nested
    class NpmsDaemon extends WithNpm {
        @Override
        void connect() {
            AutoDaemonBuilder<Ends> npm = daemon().command(
                            "node",
                            NpmPackages.runJs().toString(),
                            NpmPackages.script("puppet-service.js").toString())
                    .args(control());
            Connection<Ends> connection = workplace.connect(npm);
            assertThat(connection.rpc().ping(1)).isEqualTo(1);
            here = connection.rpc().open();
        }

        /** A reset would end that daemon for all, so it is not told why, and hears an end if this side has spoken. */
        @Override
        @Test
        public void cancelEndsTheReaderHereAndTellsTheReaderThereWhy() throws Exception {
            open();
            here.output().write(bytes("some"));
            assertThat(there.input().readNBytes(4)).asString().isEqualTo("some");
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Throwable> reader = thrownBy(() -> here.input().read(), begun);
            begun.await();
            here.cancel("changed my mind");
            assertThat(reader.get(60, TimeUnit.SECONDS))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the stream was cancelled: changed my mind");
            assertThat(there.input().read()).isEqualTo(-1);
        }

        /** That daemon says nothing when its stream is destroyed. */
        @Override
        @Test
        public void cancelByTheOtherSideTellsThisOneWhy() throws Exception {
            open();
            there.output().write(bytes("some"));
            assertThat(here.input().readNBytes(4)).asString().isEqualTo("some");
            there.cancel("no more to say");
            endsWhenItIsCancelledHere(() -> here.input().read());
        }

        @Override
        @Test
        public void cancelEndsWhoWrites() throws Exception {
            open();
            there.cancel("enough");
            endsWhenItIsCancelledHere(() -> {
                while (true) {
                    here.output().write(new byte[100_000]);
                }
            });
        }

        private void endsWhenItIsCancelledHere(ThrowingAction use) throws Exception {
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Throwable> thrown = thrownBy(use, begun);
            begun.await();
            here.cancel("given up");
            assertThat(thrown.get(60, TimeUnit.SECONDS)).hasMessage("the stream was cancelled: given up");
        }
    }
}
