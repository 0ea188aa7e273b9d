package io.github.autodaemon.cli;

import io.github.autodaemon.AutoDaemonException;
import io.github.autodaemon.admin.Daemons;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code autod}. */
@Command(
        name = "autod",
        mixinStandardHelpOptions = true,
        versionProvider = Autod.Version.class,
        description = "Shows and steers the daemons of this user.",
        footer = {
            "",
            "NAME is a daemon's name, as ps shows it or its beginning, or the path of its socket.",
            "Exit codes: 0 done; 1 failed; 2 used wrongly; 3 not running; 4 does not respond.",
            "`autod COMMAND --help` says more."
        })
public final class Autod implements Callable<Integer> {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USED_WRONGLY = 2;
    static final int NOT_RUNNING = 3;
    static final int NOT_RESPONDING = 4;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** Runs the command. */
    public static void main(String[] args) {
        Output.install();
        String[] given = Arguments.asGiven(args);
        int code = Output.finished(commandLine(given).execute(given));
        if (code != 0) {
            // Not when all is well: from JDK 21 on it takes 4 ms, since it may be logged.
            System.exit(code);
        }
    }

    /** The commands by name; each is made, and its class loaded, only when it is used or listed. */
    private static Map<String, Supplier<Object>> commands() {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("ps", Ps::new);
        commands.put("status", StatusCommand::new);
        commands.put("logs", Logs::new);
        commands.put("stop", Stop::new);
        commands.put("call", Call::new);
        commands.put("why", Why::new);
        commands.put("doctor", Doctor::new);
        commands.put("run", Run::new);
        commands.put("warm", Warm::new);
        return commands;
    }

    /** The whole of it, or, when the first word names a command, only that. */
    static CommandLine commandLine(String... args) {
        Map<String, Supplier<Object>> commands = commands();
        CommandLine line = new CommandLine(new Autod());
        Supplier<Object> only = args.length == 0 ? null : commands.get(args[0]);
        if (only == null) {
            commands.forEach((name, command) -> line.addSubcommand(name, command.get()));
        } else {
            line.addSubcommand(args[0], only.get());
        }
        // What comes behind the name is the method's, also what looks like an option, as -5 does.
        for (CommandLine sub : line.getSubcommands().values()) {
            sub.setStopAtPositional(sub.getCommand() instanceof Call);
        }
        line.setParameterExceptionHandler(Autod::usedWrongly);
        line.setExecutionExceptionHandler((thrown, command, parsed) -> failed(thrown, command));
        line.setUsageHelpAutoWidth(false);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        return line;
    }

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "no command was given");
    }

    private static int usedWrongly(ParameterException e, String[] args) {
        String message = e instanceof UnmatchedArgumentException unmatched
                ? "there is no option or command \"" + unmatched.getUnmatched().get(0) + "\" here"
                : String.valueOf(e.getMessage());
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        Output.error(message + "\n`" + command + " --help` says how it is used");
        return USED_WRONGLY;
    }

    private static int failed(Exception thrown, CommandLine command) {
        boolean verbose = command.getCommand() instanceof Printing printing && printing.isVerbose();
        boolean expected = thrown instanceof Stopped
                || thrown instanceof AutoDaemonException
                || thrown instanceof java.io.IOException;
        Output.error((expected ? thrown.getMessage() : "this should not happen: " + thrown)
                + (expected || verbose ? "" : "; --verbose shows where"));
        if (verbose) {
            Output.trace(thrown);
        }
        return thrown instanceof Stopped stopped ? stopped.exitCode() : FAILED;
    }

    /** Says which version this is. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"autod " + Daemons.version()};
        }
    }
}
