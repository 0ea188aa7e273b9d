package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonBuilder;
import io.github.autodaemon.Client;
import io.github.autodaemon.Connection;
import io.github.autodaemon.RemoteException;
import io.github.autodaemon.Service;
import io.github.autodaemon.StartFailedException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The client of a service that does not work hears what is wrong with it. npm's client hears nothing. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FaultyServiceTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    /** Cannot be made. */
    public static final class Stillborn implements Service<Workshop> {
        /** Throws. */
        public Stillborn() {
            throw new IllegalStateException("the disk is missing");
        }

        @Override
        public Workshop connected(Client client) {
            throw new AssertionError("never made");
        }
    }

    /** Serves its second client. */
    public static final class Shy implements Service<Workshop> {
        private int clients;

        @Override
        public Workshop connected(Client client) throws IOException {
            clients++;
            if (clients == 1) {
                throw new IOException("not you");
            }
            return new WorkshopService().connected(client);
        }
    }

    /** Returns nothing. */
    public static final class Absent implements Service<Workshop> {
        @Override
        public Workshop connected(Client client) {
            return null;
        }
    }

    private AutoDaemonBuilder<Workshop> daemon(Class<? extends Service<Workshop>> service) {
        return AutoDaemon.of(Workshop.class, service).socket(workplace.socket());
    }

    @Test
    void aConstructorThatThrowsIsAFailedStartWithItsReason() {
        assertThatThrownBy(() -> workplace.connect(daemon(Stillborn.class)))
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("the disk is missing");
        assertThat(workplace.daemons()).isEmpty();
    }

    @Test
    void aServiceThatRefusesAClientSaysWhyAndServesTheNext() {
        Connection<Workshop> refused = workplace.connect(daemon(Shy.class));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> refused.rpc().add(1))
                    .isInstanceOf(RemoteException.class)
                    .hasMessage("the service failed when this client connected: java.io.IOException: not you");
        }
        assertThatThrownBy(() -> refused.rpc().mirror().input().read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("not you");
        assertThat(workplace.connect(daemon(Shy.class)).rpc().add(1)).isEqualTo(1);
    }

    @Test
    void aServiceThatReturnsNullIsAnError() {
        Connection<Workshop> connection = workplace.connect(daemon(Absent.class));
        assertThatThrownBy(() -> connection.rpc().add(1))
                .isInstanceOf(RemoteException.class)
                .hasMessageContaining("Absent.connected returned null");
    }

    @Test
    @WithNode
    void npmsClientIsToldToo() {
        workplace.connect(daemon(Absent.class));
        assertThat(workplace.run("call.js", "[\"add\",1]", "[\"add\",1]"))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("{\"error\":\"the service failed when this client connected: ")
                        .contains("Absent.connected returned null"));
    }

    @Test
    @WithNode
    void npmsClientCannotStartAServiceThatCannotBeMade() {
        String launcher =
                workplace.executable("launcher", JavaPrograms.launcher()).toString();
        NodeProcess client = workplace.node("spawn.js", launcher, Stillborn.class.getName(), "false");
        assertThat(client.line()).startsWith("\"spawned\"");
        assertThat(client.finish()).containsExactly("\"failed\" \"exited with code: 1\"");
    }
}
