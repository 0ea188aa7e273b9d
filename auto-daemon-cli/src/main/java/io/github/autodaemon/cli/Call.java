package io.github.autodaemon.cli;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.Connection;
import io.github.autodaemon.RemoteException;
import io.github.autodaemon.Rpc;
import io.github.autodaemon.admin.Daemons;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "call",
        mixinStandardHelpOptions = true,
        description = {
            "Calls a method of a daemon that runs, also of npm's, and prints the result as JSON.",
            "An argument that is JSON is that, any other is a text. METHOD:s is a stream method: standard input goes"
                    + " to it, and what comes from it to standard output."
        })
final class Call extends Printing {
    private static final String STREAM = ":s";
    /** No method is called so; whoever asks for it is told what there is. */
    private static final String NONE = "?";

    private static final String THERE_ARE = "; there are: ";

    @Parameters(
            index = "0..*",
            arity = "1..*",
            paramLabel = "NAME METHOD [ARGS]",
            description = "What to call; without METHOD, what there is.")
    private List<String> words = new ArrayList<>();

    @Option(names = "--socket", paramLabel = "PATH", description = "Which daemon, by its socket, in the place of NAME.")
    private @Nullable Path socket;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            defaultValue = "30s",
            converter = Shown.Time.class,
            description =
                    "How long a call may take, 0 for as long as it takes (default: ${DEFAULT-VALUE}); of a stream of"
                            + " npm's, how long nothing may come after the end of the input.")
    private Duration timeout = Duration.ofSeconds(30);

    @Override
    public Integer call() {
        int at = socket == null ? 1 : 0;
        Path path = Which.socket(at == 1 ? words.get(0) : null, socket, this::wrong);
        String method = words.size() > at ? words.get(at) : NONE;
        Object[] args = words.stream().skip(at + 1L).map(JsonText::argument).toArray();
        AutoDaemon<Rpc> daemon = AutoDaemon.dynamic(method)
                .socket(path)
                .spawn(false)
                .timeout(Which.PATIENCE)
                .build();
        Optional<Connection<Rpc>> found;
        try {
            found = daemon.connectIfRunning();
        } catch (AutoDaemonException e) {
            throw absent(Daemons.at(path, Which.PATIENCE));
        }
        try (Connection<Rpc> connection = found.orElseThrow(() -> absent(Daemons.at(path, Which.PATIENCE)))) {
            if (method.equals(NONE) && connection.pid().isEmpty()) {
                throw wrong("say what to call; npm's daemons do not tell what there is");
            }
            Rpc rpc = timeout.isZero() ? connection.rpc() : connection.rpc(timeout);
            if (method.endsWith(STREAM)) {
                String name = method.substring(0, method.length() - STREAM.length());
                boolean npm = connection.pid().isEmpty();
                return new Through(rpc.stream(name, args), npm ? timeout : Duration.ZERO).run();
            }
            Object result = rpc.call(method, args);
            if (result != null || json()) {
                Output.json(JsonText.of(result, true));
            }
            return Autod.DONE;
        } catch (RemoteException e) {
            String said = String.valueOf(e.getMessage());
            int list = said.indexOf(THERE_ARE);
            if (method.equals(NONE)) {
                throw wrong("say what to call" + (list < 0 ? "" : said.substring(list)));
            }
            boolean stream = said.equals("\"" + method + "\" is a stream method; open a stream instead");
            throw new Stopped(
                    Autod.FAILED,
                    "the service says: "
                            + (stream ? "\"" + method + "\" is a stream method; call " + method + STREAM : said));
        } catch (AutoDaemonException e) {
            throw new Stopped(Autod.FAILED, String.valueOf(e.getMessage()));
        }
    }
}
