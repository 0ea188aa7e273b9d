package io.github.autodaemon.warm;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * The standard streams of this process, which pass on to those of the command that runs. They are installed once: a tool
 * may keep what it found in {@code System.out} for as long as it likes.
 */
final class Streams {
    private final Input input = new Input();
    private final Output output = new Output();
    private final Output errors = new Output();
    private final PrintStream out;
    private final PrintStream err;

    Streams(Charset ofOut, Charset ofErr) {
        this.out = new Printer(output, ofOut);
        this.err = new Printer(errors, ofErr);
    }

    /** Makes them the process's; again, if a tool has set others. */
    void install() {
        if (System.in != input) {
            System.setIn(input);
        }
        if (System.out != out) {
            System.setOut(out);
        }
        if (System.err != err) {
            System.setErr(err);
        }
    }

    /** From now on they are those of a command. */
    void begin(InputStream in, OutputStream toOut, OutputStream toErr) {
        input.from = new BufferedInputStream(in);
        output.to = toOut;
        errors.to = toErr;
    }

    /** What is written from now on goes nowhere: a process that has exited writes nothing more. */
    void mute() {
        output.to = null;
        errors.to = null;
    }

    /** Nothing is read and written any more. */
    void end() {
        input.from = null;
        mute();
    }

    private static final class Input extends InputStream {
        private volatile @Nullable InputStream from;

        @Override
        public int read() throws IOException {
            InputStream now = from;
            return now == null ? -1 : now.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            InputStream now = from;
            return now == null ? -1 : now.read(bytes, offset, length);
        }

        @Override
        public int available() throws IOException {
            InputStream now = from;
            return now == null ? 0 : now.available();
        }

        @Override
        public long skip(long n) throws IOException {
            InputStream now = from;
            return now == null ? 0 : now.skip(n);
        }

        @Override
        public void close() {
            from = null;
        }
    }

    private static final class Output extends OutputStream {
        private volatile @Nullable OutputStream to;

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            OutputStream now = to;
            if (now != null) {
                now.write(bytes, offset, length);
            }
        }
    }

    private static final class Printer extends PrintStream {
        private final Output output;

        Printer(Output output, Charset charset) {
            super(output, true, charset);
            this.output = output;
        }

        /** As a process that closes its descriptor: it writes nothing more. The next command has its own. */
        @Override
        public void close() {
            flush();
            output.to = null;
        }
    }
}
