package io.github.autodaemon.examples.notes;

import io.github.autodaemon.Client;
import io.github.autodaemon.Sequence;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** Those who are told of every change. Any thread may use it. */
final class Followers {
    /** Who reads more slowly than this is let go: nobody's terminal holds up an index. */
    private static final int MAX_WAITING = 100_000;

    private final List<Follower> all = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    /** The changes from now on, after a first line. */
    Sequence<String> add(Client client, String first) {
        Follower follower = add(first, () -> cutOff(client));
        client.onClose(follower::end);
        return Sequence.produce(follower::serve).onClose(client::close);
    }

    /** {@code cutOff} lets go the one who does not read. */
    Follower add(String first, Runnable cutOff) {
        Follower follower = new Follower(cutOff);
        follower.tell(first);
        all.add(follower);
        if (ended) {
            follower.end();
        }
        return follower;
    }

    private static void cutOff(Client client) {
        try {
            client.connection().close();
        } catch (IOException e) {
            System.err.println("a follower that does not read could not be let go: " + e.getMessage());
        }
    }

    void tell(String change) {
        String line = TextFile.printable(change);
        all.forEach(follower -> follower.tell(line));
    }

    /** Ends all streams, and the connections that they came by: as long as one lives, the daemon does. */
    void end() {
        ended = true;
        all.forEach(Follower::end);
    }

    /** One of them. */
    final class Follower {
        /** A line has no line break, so this is none. */
        private static final String END = "\n";

        private final Runnable cutOff;
        private final BlockingQueue<String> waiting = new LinkedBlockingQueue<>();

        private Follower(Runnable cutOff) {
            this.cutOff = cutOff;
        }

        void tell(String line) {
            if (waiting.size() < MAX_WAITING) {
                waiting.add(line);
            } else if (all.remove(this)) {
                cutOff.run();
            }
        }

        void end() {
            all.remove(this);
            waiting.add(END);
        }

        void serve(Sequence.Sink<String> sink) throws IOException, InterruptedException {
            try {
                for (String line = waiting.take(); !line.equals(END); line = waiting.take()) {
                    sink.put(line);
                }
            } finally {
                all.remove(this);
            }
        }
    }
}
