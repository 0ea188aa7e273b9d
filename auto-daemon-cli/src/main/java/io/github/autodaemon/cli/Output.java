package io.github.autodaemon.cli;

import io.github.autodaemon.cli.Table.Cell;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is printed. What a terminal would obey in the text of others is shown as {@code ?}; JSON is right in every locale;
 * and what cannot be written is known in the end.
 */
final class Output extends OutputStream {
    private static final String NONE = "";
    private static final String TAB = "\t";
    private static final String TAB_AND_LINE = "\t\n";
    private static final int LATIN = 0x7f;
    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private static final Output OUT = new Output(FileDescriptor.out);
    private static boolean utf8 = true;

    private final OutputStream to;
    private @Nullable IOException failure;

    private Output(FileDescriptor to) {
        this.to = new BufferedOutputStream(new FileOutputStream(to));
    }

    /** Standard output and error are written through this class from now on. */
    static void install() {
        Charset out = charset("stdout.encoding");
        utf8 = out.equals(StandardCharsets.UTF_8);
        System.setOut(new PrintStream(OUT, true, out));
        System.setErr(new PrintStream(new Output(FileDescriptor.err), true, charset("stderr.encoding")));
    }

    /** Who has chosen no locale has the C locale, which is ASCII to a JVM, and UTF-8 to everybody else. */
    private static Charset charset(String property) {
        String name = System.getProperty(
                property, System.getProperty("sun." + property, System.getProperty("native.encoding", "UTF-8")));
        Charset charset = Charset.isSupported(name) ? Charset.forName(name) : StandardCharsets.UTF_8;
        return charset.equals(StandardCharsets.US_ASCII) ? StandardCharsets.UTF_8 : charset;
    }

    /** One line, without what is an order to a terminal. */
    static void print(String line) {
        System.out.println(clean(line, TAB));
    }

    /** One line, with colours on a terminal that has some. */
    static void print(List<Cell> line) {
        System.out.println(render(line));
    }

    static String render(List<Cell> line) {
        StringBuilder text = new StringBuilder();
        line.forEach(cell -> text.append(cell.colour().of(clean(cell.text(), TAB))));
        return text.toString();
    }

    /** A JSON text, which has escapes for what a terminal must not see, or what has no place in its encoding. */
    static void json(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            int c = text.codePointAt(i);
            int units = Character.charCount(c);
            if (c != '\n' && (isOrder(c) || (c > LATIN && !utf8))) {
                for (int j = i; j < i + units; j++) {
                    escaped.append(String.format("\\u%04x", (int) text.charAt(j)));
                }
            } else {
                escaped.appendCodePoint(c);
            }
            i += units - 1;
        }
        System.out.println(escaped);
    }

    /** Orders to the terminal: what is in them of others has to be clean. */
    static void order(PrintStream to, String text) {
        to.print(text);
        to.flush();
    }

    /** What is told beside the output, or went wrong; it may have several lines. */
    static void error(String text) {
        System.out.flush();
        System.err.println("autod: " + clean(text, TAB_AND_LINE));
    }

    static void trace(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text, true));
        System.err.print(clean(text.toString(), TAB_AND_LINE));
    }

    /** Without anything that is not to be seen: for a place in a line. */
    static String clean(String text) {
        return clean(text, NONE);
    }

    private static String clean(String text, String allowed) {
        StringBuilder clean = new StringBuilder();
        text.codePoints().forEach(c -> clean.appendCodePoint(isOrder(c) && allowed.indexOf(c) < 0 ? '?' : c));
        return clean.toString();
    }

    /** What is no sign: controls, what changes the direction of the text, and half of a pair. */
    private static boolean isOrder(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            // These two are part of how words of some languages, and some signs, are written.
            case Character.FORMAT -> c != ZERO_WIDTH_NON_JOINER && c != ZERO_WIDTH_JOINER;
            default -> false;
        };
    }

    /** The exit code, when all is printed; a reader that has had enough needs no explanation. */
    static int finished(int code) {
        System.out.flush();
        IOException failure = OUT.failure;
        if (failure == null) {
            return code;
        }
        if (!"Broken pipe".equals(failure.getMessage())) {
            error("standard output cannot be written: " + failure.getMessage());
        }
        return code == Autod.DONE ? Autod.FAILED : code;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            to.write(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public void flush() throws IOException {
        try {
            to.flush();
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }
}
