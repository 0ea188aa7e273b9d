package io.github.autodaemon.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Looks at a chapter after every step, and throws a {@link Violation}:
 *
 * <ul>
 *   <li>Calls: the clients' journals agree with the ledger ({@link Accounts}). This holds whatever is done to anybody.
 *   <li>Commands, by what their process says at its end: 0 is an acknowledged call, 1 one that has not run, 125 or death by
 *       the driver's signal one that may have run; there is no other end. None reaches a daemon that was there before the jar
 *       was touched.
 *   <li>One daemon accepts. Only one socket at a time can be what the path names, so that two daemons are reachable at
 *       one moment is impossible and nothing to look for. What could happen is that a daemon takes the path from one that
 *       lives and serves. Then (1) connects reach the first, the second and, when it is put back, the first again
 *       ({@link Reach}); (2) the two go on listening ({@link Rivals}); (3) the robbed one finds its path replaced and says
 *       so in the history. Where the driver removes sockets and locks this is the expected way to leave, but no more often than
 *       it did so: an old daemon that took the path of its successor along would show. (1) and (2) hold all the same.
 *   <li>Exclusive daemons: none opens the ledger while another that has not closed it lives ({@link LedgerService}); not
 *       where lock files are deleted, which is what the promise rests on.
 *   <li>Deadlines: {@link Patience}. A call has none, but ends when nothing is stopped any more.
 *   <li>Failures: a connect that fails is explained by a fault at the same time ({@link Faults}); where there is none, none
 *       fails. A connection breaks when the driver has ended its daemon, or an exclusive one is replaced.
 * </ul>
 */
final class Oracle {
    private static final String ROBBED = "its socket's path was removed or replaced";
    private static final List<String> NEVER_LOGGED = List.of(
            "something failed in the server's loop",
            "a task of the service failed",
            "the service failed",
            "Exception in thread");

    private static final Set<String> ENDING = Set.of("KILL", "TERM", "INT");

    /** Of a command that was not run, and of one whose connection was lost. */
    private static final String NOT_RUN = "1";

    private static final int ANSWERED = 8;
    private static final String MAY_HAVE_RUN = "125";

    /** A connect that had less than this may have been too slow. */
    private static final int SHORT_MILLIS = 5000;

    private final Setting setting;
    private final Chapter.Rules rules;
    private final Tally tally;
    private final RunLog log;
    private final Faults faults;
    private final Patience patience = new Patience();
    private final Accounts accounts = new Accounts();
    /** By where the daemons listen: some are beside others. */
    private final Map<String, Reach> reaches = new HashMap<>();

    private final Rivals rivals = new Rivals();
    private final Set<Long> stopped = new HashSet<>();
    private final Map<String, Tail> journals = new TreeMap<>();
    private final Tail ledger;
    private final Set<Long> signalled = new HashSet<>();
    private final Set<Long> ended = new HashSet<>();
    private final Map<String, Long> daemons = new HashMap<>();
    private final Set<String> interrupted = new HashSet<>();
    private final Set<Long> outdated = new HashSet<>();
    private final Map<String, Set<Long>> forbidden = new HashMap<>();
    private int disturbances;
    private int touches;
    private boolean startsWereEnded;
    private boolean calm;

    Oracle(Setting setting, Chapter.Rules rules, Tally tally, Faults faults, RunLog log) {
        this.setting = setting;
        this.rules = rules;
        this.tally = tally;
        this.log = log;
        this.faults = faults;
        this.ledger = new Tail(setting.ledger());
    }

    Patience patience() {
        return patience;
    }

    /** The connects to daemons at the path itself. */
    Reach reach() {
        return reach(setting.socket().getFileName().toString());
    }

    private Reach reach(String place) {
        return reaches.computeIfAbsent(place, p -> new Reach());
    }

    Set<Long> stopped() {
        return stopped;
    }

    /** The path, or what excludes others from it, was changed in a way that so many daemons may lose it. */
    void disturbed(int daemons) {
        disturbances += daemons;
    }

    void interrupted(String order) {
        interrupted.add(order);
    }

    /** A process gets a signal; it may end, and in the middle of something. */
    void signalled(long pid, String signal) {
        signalled.add(pid);
        if (ENDING.contains(signal)) {
            ended.add(pid);
        }
    }

    /** Whether a file that is left is one that a killed process was about to rename. */
    boolean isTorn(String name) {
        String[] parts = name.split("\\.", -1);
        return name.endsWith(".tmp") && (startsWereEnded || signalled.contains(Long.valueOf(parts[parts.length - 2])));
    }

    /** From now on no fault explains anything. */
    void calm() {
        calm = true;
    }

    /** How often the jar was touched. */
    int touches() {
        return touches;
    }

    /** The jar is touched: no command that begins from now on may reach these daemons. */
    void touched(List<Processes.Found> daemons) {
        touches++;
        daemons.forEach(daemon -> outdated.add(daemon.pid()));
    }

    void given(Order order, String client) {
        given(order, client, client);
    }

    /** A command; the journal is kept for it. */
    void given(Order order, String client, String journal) {
        tally.clients++;
        journals.computeIfAbsent(journal, name -> new Tail(setting.journal(name)));
        patience.given(order, client);
        if (!client.equals(journal)) {
            forbidden.put(order.call(), Set.copyOf(outdated));
        }
    }

    void look() throws IOException {
        for (Tail journal : journals.values()) {
            for (String line : journal.news()) {
                journal(line.split(" ", -1), line);
            }
        }
        for (String line : ledger.news()) {
            ledger(line.split(" ", -1), line);
        }
        accounts.check();
        patience.look(System.nanoTime());
        List<Processes.Found> daemons = Processes.naming(setting.home(), Processes.Kind.DAEMON);
        rivals.look(Listeners.at(setting.socket(), daemons), stopped, System.nanoTime());
    }

    private String text(String suffix) throws IOException {
        try {
            return Files.readString(setting.sibling(suffix));
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    /** When all has ended. */
    void lookAtTheEnd() throws IOException {
        look();
        accounts.checkAll();
        int robbed = text(".history").split(ROBBED, -1).length - 1;
        String said = text(".log.previous") + text(".log");
        if (robbed > disturbances) {
            throw new Violation(
                    "the path was taken from " + robbed + " daemons, " + disturbances + " by faults: " + ROBBED);
        }
        for (String line : NEVER_LOGGED) {
            if (said.contains(line)) {
                throw new Violation("a daemon's log says: " + line);
            }
        }
    }

    private void ledger(String[] words, String line) {
        if (words[0].equals("call")) {
            accounts.ran(words[1], words[2], words[3]);
            if (forbidden.getOrDefault(words[1], Set.of()).contains(Long.valueOf(words[2]))) {
                throw new Violation("a command reached a daemon from before the jar was touched: " + line);
            }
        } else if (words[0].equals("overlap") && !rules.locksAreTouched()) {
            throw new Violation("exclusive daemons at the same time: " + line);
        }
    }

    private void journal(String[] words, String line) {
        String id = words[1];
        switch (words[0]) {
            case "connecting" -> patience.connecting(id, Long.parseLong(words[2]));
            case "connected" -> {
                long at = Long.parseLong(words[2]);
                long pid = Long.parseLong(words[3]);
                reach(words[4]).connected(patience.ended(id, at), at, pid);
                daemons.put(id, pid);
            }
            case "refused" -> {
                long at = Long.parseLong(words[2]);
                refused(id, patience.ended(id, at), at, words[3], line);
                patience.over(id);
            }
            case "sent" -> accounts.sent(id);
            case "acked" -> {
                tally.acked++;
                accounts.acked(id, words[2]);
            }
            case "lost" -> {
                tally.lost++;
                accounts.lost(id, words[4].equals("mayHaveRun"));
                parted(words[2], line);
            }
            case "parted" -> parted(id, line);
            case "exited" -> exited(words, line);
            case "streamed" -> {
                // All came back.
            }
            case "done" -> patience.over(id);
            default -> throw new Violation("a client says: " + line);
        }
    }

    /** A command: {@code exited ID FROM TO PID CODE ANSWER CLIENT}, or more words when something was wrong. */
    private void exited(String[] words, String line) {
        String id = words[1];
        String call = id + ".0";
        long from = Long.parseLong(words[2]);
        long to = Long.parseLong(words[3]);
        boolean killed = ended.contains(Long.valueOf(words[4]));
        String code = words[5];
        if (code.equals("0") && words.length == ANSWERED) {
            tally.acked++;
            if (words[7].equals(Recorder.FRONT)) {
                tally.byFronts++;
            } else {
                tally.byJvms++;
            }
            accounts.acked(call, words[6]);
        } else if (killed || code.equals(MAY_HAVE_RUN)) {
            tally.lost++;
            log.say("    " + line);
            accounts.lost(call, true);
            if (!killed && line.contains("did not answer in time")) {
                explain(id, from, to, "UnreachableException", line);
            } else if (!killed && !mayBreak(from, to)) {
                throw new Violation("the connection of a command broke, and by no fault: " + line);
            }
        } else if (code.equals(NOT_RUN)) {
            accounts.lost(call, false);
            String exception =
                    line.contains("seem to be used in turn") ? "IncompatibleException" : "StartFailedException";
            refused(id, from, to, exception, line);
        } else {
            throw new Violation("a command ended with what it must not: " + line);
        }
        patience.over(id);
    }

    private boolean mayBreak(long from, long to) {
        return isReplacedAtOnce()
                || faults.explain(EnumSet.of(Faults.Kind.DAEMON_KILLED, Faults.Kind.DAEMON_TERMINATED), from, to);
    }

    private void refused(String id, long began, long at, String exception, String line) {
        tally.refused++;
        log.say("    " + line);
        explain(id, began, at, exception, line);
    }

    private void explain(String id, long began, long at, String exception, String line) {
        int timeout = patience.order(id).timeoutMillis();
        boolean late = timeout < SHORT_MILLIS && at - began >= timeout * 1_000_000L;
        // Who waits for a start fails with it, also when it was the starter who had no more time.
        boolean ended = line.contains("did not say that it is ready in time");
        startsWereEnded |= ended;
        boolean others = rules.kind() != Chapter.Kind.QUIET && ended;
        if (interrupted.contains(id) && exception.equals("AutoDaemonException") && line.contains("interrupted")) {
            return;
        }
        // Two versions replace each other; three times in a row it was this client's turn to lose.
        boolean outvoted = rules.versions()
                && (exception.equals("IncompatibleException")
                        || line.contains("was gone each time before it could be used"));
        boolean explained = outvoted || late || others || faults.explainRefusal(exception, began, at);
        if (calm || !explained) {
            throw new Violation("a connect failed, and by no fault: " + line);
        }
    }

    /** An exclusive daemon that is replaced ends its connections. */
    private boolean isReplacedAtOnce() {
        return setting.exclusive() && rules.versions();
    }

    private void parted(String orderId, String line) {
        log.say("    " + line);
        if (interrupted.contains(orderId)) {
            return;
        }
        long daemon = daemons.getOrDefault(orderId, 0L);
        if (!isReplacedAtOnce() && !ended.contains(daemon)) {
            throw new Violation("a connection to the daemon " + daemon + " broke, which nobody has ended: " + line);
        }
    }
}
