package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.LabService;
import io.github.autodaemon.testing.Processes;
import io.github.autodaemon.testing.Scratch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the JVM's flight recorder shows of daemons and clients, and what is loaded for it when nobody records. */
@Timeout(120)
class FlightTest {
    private static final String NAMES = "io.github.autodaemon.";
    private static final Pattern LOADED =
            Pattern.compile("(?:jdk\\.jfr|io\\.github\\.autodaemon\\.internal\\.flight)\\.\\S+");

    @RegisterExtension
    final Scratch scratch = new Scratch();

    private Path recording() {
        return scratch.directory().resolve("life.jfr");
    }

    private static List<RecordedEvent> events(Path file, String name) throws Exception {
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().equals(NAMES + name))
                .toList();
    }

    private static RecordedEvent event(Path file, String name) throws Exception {
        List<RecordedEvent> events = events(file, name);
        assertThat(events).as(name).hasSize(1);
        return events.get(0);
    }

    private static String outcome(List<RecordedEvent> events, String method) {
        return events.stream()
                .filter(event -> event.getString("method").equals(method))
                .map(event -> event.getString("outcome"))
                .reduce("", String::concat);
    }

    @Test
    void aDaemonRecordsItsLife() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab()
                .concurrent(2)
                .jvmOptions("-XX:StartFlightRecording=filename=" + recording())
                .build();
        ProcessHandle daemon;
        try (Connection<Lab> connection = lab.connect()) {
            Lab rpc = connection.rpc();
            daemon = ProcessHandle.of(rpc.pid()).orElseThrow();
            rpc.note("one way");
            assertThatThrownBy(() -> rpc.fail("no")).isInstanceOf(RemoteException.class);
            CompletableFuture<String> pending = rpc.gate();
            assertThat(rpc.add(1)).isEqualTo(1);
            assertThat(rpc.count(Sequence.of(List.of(1, 2)))).isEqualTo(2);
            while (connection.status(Duration.ofSeconds(60)).orElseThrow().calls() == 0) {
                Thread.onSpinWait();
            }
            assertThat(pending.cancel(true)).isTrue();
            try (Duplex echo = rpc.echo()) {
                echo.output().write("hello".getBytes(StandardCharsets.UTF_8));
                echo.output().close();
                assertThat(echo.input().readAllBytes()).hasSize(5);
            }
            try (Duplex broken = rpc.broken("at once")) {
                assertThatThrownBy(() -> broken.input().read()).hasMessageContaining("at once");
            }
            Duplex cancelled = rpc.sink();
            cancelled.output().write(1);
            cancelled.output().flush();
            cancelled.cancel("enough");
            while (connection.status(Duration.ofSeconds(60)).orElseThrow().streams() > 0) {
                Thread.onSpinWait();
            }
            rpc.retire();
            assertThat(rpc.clients()).isEqualTo(1);
        }
        Processes.awaitEnd(daemon);

        List<RecordedEvent> calls = events(recording(), "Call");
        assertThat(outcome(calls, "add")).isEqualTo("answered");
        assertThat(outcome(calls, "note")).isEqualTo("answered");
        assertThat(outcome(calls, "count")).isEqualTo("answered");
        assertThat(outcome(calls, "fail")).isEqualTo("failed");
        assertThat(outcome(calls, "gate")).isEqualTo("cancelled");
        assertThat(calls).allSatisfy(call -> {
            assertThat(call.getLong("client")).isEqualTo(ProcessHandle.current().pid());
            assertThat(call.getDuration("waited")).isPositive();
            assertThat(call.getDuration()).isPositive();
            assertThat(call.getStackTrace()).isNull();
        });
        List<RecordedEvent> streams = events(recording(), "Stream");
        assertThat(outcome(streams, "echo")).isEqualTo("ended");
        assertThat(outcome(streams, "broken")).isEqualTo("failed");
        assertThat(outcome(streams, "sink")).isEqualTo("cancelled");
        assertThat(streams)
                .filteredOn(stream -> stream.getString("method").equals("echo"))
                .allSatisfy(stream -> {
                    assertThat(stream.getLong("bytesIn")).isEqualTo(5);
                    assertThat(stream.getLong("bytesOut")).isEqualTo(5);
                });
        RecordedEvent retire = event(recording(), "Retire");
        assertThat(retire.getString("reason")).isEqualTo("closed by the service");
        assertThat(retire.getInt("clients")).isEqualTo(1);
        assertThat(retire.getInt("calls")).isEqualTo(1);
        assertThat(retire.getEventType().getCategoryNames()).containsExactly("auto-daemon");
    }

    @Test
    void aClientRecordsStartsAndConnections() throws Exception {
        long pid;
        AutoDaemon<Lab> lab = scratch.lab().build();
        AutoDaemon<Lab> broken = AutoDaemon.of(Lab.class, LabService.class)
                .socket(scratch.directory().resolve("broken"))
                .jvmOptions("-XX:NoSuchOption")
                .build();
        try (Recording recording = new Recording()) {
            recording.start();
            try (Connection<Lab> first = lab.connect();
                    Connection<Lab> second = lab.connect()) {
                pid = first.rpc().pid();
                assertThat(second.rpc().add(1)).isEqualTo(1);
            }
            assertThatThrownBy(broken::connect).isInstanceOf(StartFailedException.class);
            recording.stop();
            recording.dump(recording());
        }
        List<RecordedEvent> spawns = events(recording(), "Spawn");
        assertThat(spawns)
                .extracting(event -> event.getString("outcome") + ": " + event.getString("why"))
                .containsExactlyInAnyOrder("started: nobody served", "failed: nobody served");
        List<RecordedEvent> connects = events(recording(), "Connect");
        assertThat(connects)
                .extracting(event -> event.getString("socket") + " " + event.getLong("daemon") + " "
                        + event.getBoolean("spawned") + " " + event.getString("outcome"))
                .containsExactlyInAnyOrder(
                        scratch.socket() + " " + pid + " true connected",
                        scratch.socket() + " " + pid + " false connected",
                        scratch.directory().resolve("broken") + " 0 false failed");
        assertThat(spawns)
                .anySatisfy(event -> assertThat(event.getLong("daemon")).isEqualTo(pid));
        assertThat(lab.stop(Duration.ofSeconds(60))).isTrue();
    }

    /** A command pays for this in each of its runs. */
    @Test
    void whenNobodyRecordsTwoClassesAreLoadedForIt() throws Exception {
        Path client = scratch.directory().resolve("client");
        Path daemon = scratch.directory().resolve("daemon");
        String daemonsLog = "jvm=-Xlog:class+load:file=" + daemon;
        assertThat(Scratch.output(scratch.command(daemonsLog, "add", "1"))).isEqualTo("1");
        ProcessBuilder warm = scratch.command(daemonsLog, "add", "1");
        warm.command().add(1, "-Xlog:class+load:file=" + client);
        assertThat(Scratch.output(warm)).isEqualTo("2");
        List<String> two = List.of(NAMES + "internal.flight.Flight", "jdk.jfr.FlightRecorder");
        assertThat(loaded(client)).containsExactlyInAnyOrderElementsOf(two);
        assertThat(loaded(daemon)).containsExactlyInAnyOrderElementsOf(two);
    }

    private static List<String> loaded(Path log) throws Exception {
        List<String> found = new ArrayList<>();
        Matcher matcher = LOADED.matcher(Files.readString(log));
        while (matcher.find()) {
            found.add(matcher.group());
        }
        return found;
    }

    /** The recorder is a module that such a program does not require. */
    @Test
    void aDaemonOnAModulePathRecordsToo() throws Exception {
        Path directory = scratch.directory().resolve("tally");
        TallyProgram program = TallyProgram.module(directory, false, TallyProgram.OPENS);
        String out = TallyProgram.run(
                        scratch.directory(),
                        Map.of(),
                        List.of(
                                TallyProgram.java().toString(),
                                "-p",
                                program.classes() + ":" + TallyProgram.library() + ":" + TallyProgram.gson(),
                                "-m",
                                "tally/" + TallyProgram.MAIN,
                                scratch.socket().toString(),
                                "jvmOptions",
                                "-XX:StartFlightRecording=filename=" + recording()))
                .out();
        assertThat(out).matches("\\d+ 4\nPoint\\[x=2, y=1]\n");
        Scratch.end(out.substring(0, out.indexOf(' ')));
        assertThat(outcome(events(recording(), "Call"), "mirror")).isEqualTo("answered");
    }

    /** The recorder writes its file when the JVM begins to end, and a drain is over before. */
    @Test
    void aSignalIsInTheRecordingAndSoIsTheCallThatItLetEnd() throws Exception {
        AutoDaemon<Lab> lab = scratch.lab()
                .jvmOptions("-XX:StartFlightRecording=filename=" + recording())
                .build();
        try (Connection<Lab> connection = lab.connect()) {
            ProcessHandle daemon = ProcessHandle.of(connection.rpc().pid()).orElseThrow();
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(connection.rpc()::openWhenRetired);
            while (connection.status(Duration.ofSeconds(60)).orElseThrow().calls() == 0) {
                Thread.onSpinWait();
            }
            daemon.destroy();
            assertThat(answer.get()).isEqualTo("opened");
            Processes.awaitEnd(daemon);
        }
        assertThat(event(recording(), "Retire").getString("reason")).isEqualTo("asked to by a signal");
        assertThat(outcome(events(recording(), "Call"), "openWhenRetired")).isEqualTo("answered");
    }
}
