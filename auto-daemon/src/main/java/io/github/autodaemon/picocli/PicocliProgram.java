package io.github.autodaemon.picocli;

import io.github.autodaemon.Invocation;
import io.github.autodaemon.Program;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.Writer;
import picocli.CommandLine;

/**
 * A {@link Program} whose commands are picocli's. Each command gets a new command object, since picocli puts arguments
 * into its fields; what lives as long as the daemon is in the fields of the program.
 *
 * <pre>{@code
 * public final class TodoProgram extends PicocliProgram {
 *     private final List<String> items = new CopyOnWriteArrayList<>();
 *
 *     @Override
 *     protected Object command(Invocation in) {
 *         return new Todo(items, in);
 *     }
 * }
 * }</pre>
 *
 * <p>Usage messages and errors go to the caller's outputs, in colour where these are a terminal and {@code NO_COLOR} is
 * not set there, and as wide as the terminal.
 */
public abstract class PicocliProgram implements Program {
    /** The widths of a usage message that picocli takes. */
    private static final int MIN_WIDTH = 55;

    private static final int MAX_WIDTH = 160;

    /** For a subclass. */
    protected PicocliProgram() {}

    /** A new object with picocli's annotations, for one command. */
    protected abstract Object command(Invocation in);

    private CommandLine commandLine(Invocation in) {
        int columns = in.terminal().columns();
        boolean colours = in.terminal().isOutput()
                && in.environment().getOrDefault("NO_COLOR", "").isEmpty()
                && !in.terminal().type().equals("dumb");
        CommandLine line = new CommandLine(command(in))
                .setOut(writer(in.out()))
                .setErr(writer(in.err()))
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        colours ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        if (columns >= MIN_WIDTH) {
            line.setUsageHelpWidth(Math.min(columns, MAX_WIDTH));
        }
        return line;
    }

    @Override
    public final int run(Invocation in) throws Exception {
        CommandLine line = commandLine(in);
        Exception[] thrown = new Exception[1];
        // What a command throws is the invocation's to report, and not picocli's, which would print its stack.
        line.setExecutionExceptionHandler((exception, failed, parsed) -> {
            thrown[0] = exception;
            return failed.getCommandSpec().exitCodeOnExecutionException();
        });
        int code = line.execute(in.args().toArray(new String[0]));
        line.getOut().flush();
        line.getErr().flush();
        if (thrown[0] != null) {
            throw thrown[0];
        }
        return code;
    }

    /** Text goes through the stream's own charset. */
    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(
                new Writer() {
                    @Override
                    public void write(char[] text, int offset, int length) {
                        stream.print(new String(text, offset, length));
                    }

                    @Override
                    public void flush() {
                        stream.flush();
                    }

                    @Override
                    public void close() {
                        stream.flush();
                    }
                },
                true);
    }
}
