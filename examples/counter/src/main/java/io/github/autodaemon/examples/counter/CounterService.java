package io.github.autodaemon.examples.counter;

import io.github.autodaemon.Client;
import io.github.autodaemon.Invocation;
import io.github.autodaemon.Program;
import io.github.autodaemon.Service;

/** Runs in the daemon; {@code sum} lives as long as it does. Programs call its methods, and people its commands. */
public final class CounterService implements Service<Counter>, Program {
    private static final int USED_WRONGLY = 2;

    private long sum;

    private long add(long n) {
        sum += n;
        System.out.println("add " + n + " gives " + sum);
        return sum;
    }

    @Override
    public Counter connected(Client client) {
        return new Counter() {
            @Override
            public long add(long n) {
                return CounterService.this.add(n);
            }

            @Override
            public long get() {
                return sum;
            }

            @Override
            public void close() {
                client.server().close();
                client.close();
            }
        };
    }

    /** In turn with the methods, so the sum needs no lock. */
    @Override
    public boolean isSerial() {
        return true;
    }

    @Override
    public int run(Invocation in) {
        try {
            CounterArguments arguments = CounterArguments.parse(in.args().toArray(new String[0]));
            switch (arguments.command()) {
                case "--help" -> in.out().println(CounterArguments.USAGE);
                case "add" -> in.out().println(add(arguments.number()));
                case "get" -> in.out().println(sum);
                default -> in.server().close();
            }
            return 0;
        } catch (CounterArguments.UsageException e) {
            in.err().println("counter: " + e.getMessage());
            in.err().println(CounterArguments.USAGE);
            return USED_WRONGLY;
        }
    }
}
