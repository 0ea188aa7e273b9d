package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Client;
import io.github.autodaemon.Connection;
import io.github.autodaemon.RemoteException;
import io.github.autodaemon.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What fails outside of a method's own call is that call's failure, or nobody's. Each of these ends npm's daemon. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class AsynchronousFailureTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    private Connection<Careless> connection;

    /** What a careless service does. */
    public interface Careless {
        /** A thread that it started throws. */
        void throwOnAnotherThread() throws InterruptedException;

        /** The future fails. */
        CompletableFuture<String> fail(String message);

        /** The future's result contains itself. */
        CompletableFuture<Object> circular();

        /** The result contains itself. */
        Object circularAtOnce();

        /** The future is null. */
        CompletableFuture<String> nothing();

        /** An error that is no exception. */
        String error();

        /** What the client's end runs throws. */
        void failWhenGone();

        /** The daemon's process. */
        long pid();
    }

    /** Runs in the daemon. */
    public static final class CarelessService implements Service<Careless> {
        @Override
        public Careless connected(Client client) {
            return new Methods(client);
        }
    }

    private record Methods(Client client) implements Careless {
        @Override
        public void throwOnAnotherThread() throws InterruptedException {
            Thread thread = new Thread(() -> {
                throw new IllegalStateException("on another thread");
            });
            thread.start();
            thread.join();
        }

        @Override
        public CompletableFuture<String> fail(String message) {
            return CompletableFuture.supplyAsync(() -> {
                throw new IllegalStateException(message);
            });
        }

        @Override
        public CompletableFuture<Object> circular() {
            return CompletableFuture.supplyAsync(this::circularAtOnce);
        }

        @Override
        public Object circularAtOnce() {
            List<Object> list = new ArrayList<>();
            list.add(list);
            return list;
        }

        @Override
        public CompletableFuture<String> nothing() {
            return null;
        }

        @Override
        public String error() {
            throw new LinkageError("a class is missing");
        }

        @Override
        public void failWhenGone() {
            client.onClose(() -> {
                throw new IllegalStateException("when gone");
            });
        }

        @Override
        public long pid() {
            return ProcessHandle.current().pid();
        }
    }

    private Connection<Careless> connectToCareless() {
        return workplace.connect(
                AutoDaemon.of(Careless.class, CarelessService.class).socket(workplace.socket()));
    }

    @BeforeEach
    void connect() {
        connection = connectToCareless();
    }

    @AfterEach
    void everybodyIsServedOn() {
        long pid = workplace.daemon().pid();
        assertThat(connectToCareless().rpc().pid()).isEqualTo(pid);
    }

    @Test
    void anExceptionOnAThreadOfTheService() throws InterruptedException {
        connection.rpc().throwOnAnotherThread();
        assertThat(connection.rpc().pid()).isEqualTo(workplace.daemon().pid());
    }

    @Test
    void aFutureThatFails() {
        assertThat(connection.rpc().fail("no luck"))
                .failsWithin(30, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(RemoteException.class)
                .withMessageContaining("no luck");
    }

    @Test
    void aResultThatCannotBeCarried() {
        assertThatThrownBy(() -> connection.rpc().circularAtOnce())
                .isInstanceOf(RemoteException.class)
                .hasMessageContaining("cannot be carried");
    }

    @Test
    void aLateResultThatCannotBeCarried() {
        assertThat(connection.rpc().circular())
                .failsWithin(30, TimeUnit.SECONDS)
                .withThrowableThat()
                .withCauseInstanceOf(RemoteException.class)
                .withMessageContaining("cannot be carried");
    }

    @Test
    void aFutureThatIsNull() {
        assertThat(connection.rpc().nothing()).succeedsWithin(30, TimeUnit.SECONDS);
    }

    @Test
    void anErrorThatIsNoException() {
        assertThatThrownBy(() -> connection.rpc().error())
                .isInstanceOf(RemoteException.class)
                .hasMessage("a class is missing");
    }

    @Test
    void anActionAtTheEndOfAConnectionThatThrows() {
        connection.rpc().failWhenGone();
        connection.close();
    }
}
