package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.Diaries.Circle;
import io.github.autodaemon.Diaries.Dates;
import io.github.autodaemon.Diaries.Days;
import io.github.autodaemon.Diaries.Diary;
import io.github.autodaemon.Diaries.DiaryService;
import io.github.autodaemon.Diaries.Event;
import io.github.autodaemon.Diaries.Pair;
import io.github.autodaemon.Diaries.Room;
import io.github.autodaemon.Diaries.Shape;
import io.github.autodaemon.Diaries.Shapes;
import io.github.autodaemon.Diaries.Square;
import io.github.autodaemon.Diaries.Zones;
import io.github.autodaemon.internal.call.Codecs;
import io.github.autodaemon.testing.Scratch;
import java.nio.file.Files;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Types that the library does not know. */
@Timeout(60)
class CodecTest {
    @RegisterExtension
    final Scratch scratch = new Scratch();

    private AutoDaemonBuilder<Diary> diary(Class<? extends Codec<LocalDate>> dates) {
        return AutoDaemon.of(Diary.class, DiaryService.class)
                .socket(scratch.socket())
                .codec(LocalDate.class, dates)
                .codec(ZoneId.class, Zones.class)
                .codec(Shape.class, Shapes.class);
    }

    private static final LocalDate DAY = LocalDate.of(2024, 2, 29);

    /** In a daemon, which knows the codecs by name. */
    @Test
    void aCodecIsAskedWhereverItsTypeIs() {
        try (Connection<Diary> connection = diary(Dates.class).build().connect()) {
            Diary diary = connection.rpc();
            assertThat(diary.after(DAY, 1)).isEqualTo(LocalDate.of(2024, 3, 1));
            for (Optional<LocalDate> until : List.of(Optional.of(DAY), Optional.<LocalDate>empty())) {
                Event event = new Event("leap", DAY, until);
                assertThat(diary.event(event)).isEqualTo(event);
                assertThat(diary.byDate(List.of(event), LocalDate.EPOCH))
                        .isEqualTo(Map.of(DAY, List.of(event), LocalDate.EPOCH, List.of()));
            }
            assertThat(diary.zone(ZoneId.of("Europe/Berlin"))).contains(ZoneId.of("Europe/Berlin"));
            assertThat(diary.zone(null)).isEmpty();
            Pair<Shape, LocalDate[]> pair = diary.pair(new Pair<>(new Square(2), new LocalDate[] {DAY}));
            assertThat(pair.first()).isEqualTo(new Square(2));
            assertThat(pair.second()).containsExactly(DAY);
            assertThat(diary.circle(new Circle(3))).isEqualTo(new Circle(3));
            Room room = new Room();
            room.built = DAY;
            room.plan = new Circle(4);
            room.anything = Arrays.asList(1L << 60, null, "text");
            assertThat(diary.room(room)).isEqualTo(room);
            assertThat(diary.any(List.of(DAY, new Circle(1)))).isEqualTo(List.of("2024-02-29", Map.of("circle", 1.0)));
            assertThat(diary.any("date")).isEqualTo(List.of("1970-01-01"));
        }
    }

    /** Nothing is said to the whole process. */
    @Test
    void twoDescriptionsHaveTheirOwn() throws Exception {
        AutoDaemon<Diary> texts = diary(Dates.class).build();
        AutoDaemon<Diary> numbers =
                diary(Days.class).socket(scratch.directory().resolve("t")).build();
        try (Server first = texts.createServer().listen();
                Server second = numbers.createServer().listen();
                Connection<Diary> one = texts.connect();
                Connection<Diary> two = numbers.connect()) {
            assertThat(first.socket()).isNotEqualTo(second.socket());
            assertThat(one.rpc().after(DAY, 1)).isEqualTo(two.rpc().after(DAY, 1));
            assertThat(one.rpc().any(DAY)).isEqualTo("2024-02-29");
            assertThat(two.rpc().any(DAY)).isEqualTo(DAY.toEpochDay());
            assertThatThrownBy(() -> two.rpc().byDate(List.of(), DAY))
                    .isInstanceOf(RemoteException.class)
                    .hasMessage(
                            "the result of \"byDate\" cannot be carried: a map with a key of java.time.LocalDate cannot"
                                    + " be carried: its codec does not make a text of it");
        }
    }

    @Test
    void callsByName() {
        AutoDaemon<Diary> diary = diary(Dates.class).build();
        try (Server server = diary.createServer().listen();
                Connection<Rpc> connection = AutoDaemon.dynamic("after")
                        .socket(server.socket())
                        .codec(LocalDate.class, Dates.class)
                        .build()
                        .connect()) {
            assertThat(connection.rpc().call("after", DAY, 1)).isEqualTo("2024-03-01");
            assertThatThrownBy(() -> connection.rpc().call("after", "soon", 1))
                    .isInstanceOf(RemoteException.class)
                    .hasMessage("argument 1 of \"after\": the codec " + Dates.class.getName()
                            + " failed with what came: java.time.format.DateTimeParseException: Text 'soon' could not be"
                            + " parsed at index 0");
            assertThatThrownBy(() -> connection.rpc().call("after", 5, 1))
                    .isInstanceOf(RemoteException.class)
                    .hasMessageStartingWith("argument 1 of \"after\": the codec " + Dates.class.getName()
                            + " failed with what came: java.lang.ClassCastException: ");
        }
    }

    /** Gives what is wrong. */
    public static final class Odd implements Codec<LocalDate> {
        /** For the daemon. */
        public Odd() {}

        @Override
        public @Nullable Object toPlain(LocalDate date) {
            return switch (date.getYear()) {
                case 1 -> date;
                case 2 -> Map.of(1, 2);
                case 3 -> List.of(Double.NaN);
                case 4 -> throw new IllegalStateException("no dates today");
                default -> {
                    List<@Nullable Object> circle = new java.util.ArrayList<>();
                    circle.add(circle);
                    yield circle;
                }
            };
        }

        @Override
        @SuppressWarnings("NullAway") // What is not allowed.
        public LocalDate fromPlain(Object plain) {
            return null;
        }
    }

    @Test
    void aCodecThatFailsIsNamed() {
        AutoDaemon<Diary> diary = diary(Odd.class).build();
        try (Server server = diary.createServer().listen();
                Connection<Diary> connection = diary.connect();
                Connection<Rpc> dynamic = AutoDaemon.dynamic("after")
                        .socket(server.socket())
                        .build()
                        .connect()) {
            String odd = "\"after\" was not called: the codec " + Odd.class.getName()
                    + " failed with a value of java.time.LocalDate: ";
            List<String> reasons = List.of(
                    "it gave a java.time.LocalDate, which is no plain value",
                    "it gave a map with a key that is no text",
                    "it gave NaN, and JSON has no such number",
                    "java.lang.IllegalStateException: no dates today",
                    "it gave what is nested more than 500 levels deep");
            for (int year = 1; year <= reasons.size(); year++) {
                LocalDate date = LocalDate.of(year, 1, 1);
                assertThatThrownBy(() -> connection.rpc().after(date, 1))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage(odd + reasons.get(year - 1));
            }
            assertThatThrownBy(() -> dynamic.rpc().call("after", "x", 1))
                    .isInstanceOf(RemoteException.class)
                    .hasMessage("argument 1 of \"after\": the codec " + Odd.class.getName()
                            + " made null of what came, and not a java.time.LocalDate");
        }
    }

    static final class NoConstructor implements Codec<LocalDate> {
        NoConstructor(String unused) {}

        @Override
        public Object toPlain(LocalDate date) {
            return "";
        }

        @Override
        public LocalDate fromPlain(Object plain) {
            return LocalDate.EPOCH;
        }
    }

    /** Works where the test runs only. */
    public static final class HereOnly implements Codec<LocalDate> {
        /** For the daemon. */
        public HereOnly() {
            if (System.getProperty("surefire.test.class.path", System.getProperty("basedir", ""))
                    .isEmpty()) {
                throw new IllegalStateException("not here");
            }
        }

        @Override
        public Object toPlain(LocalDate date) {
            return "";
        }

        @Override
        public LocalDate fromPlain(Object plain) {
            return LocalDate.EPOCH;
        }
    }

    @Test
    void aCodecThatCannotBeMadeIsNamedWhereItIs() {
        AutoDaemonBuilder<Diary> builder = AutoDaemon.of(Diary.class, DiaryService.class);
        assertThatThrownBy(() -> builder.codec(LocalDate.class, NoConstructor.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the codec " + NoConstructor.class.getName()
                        + " for java.time.LocalDate has no public constructor without parameters");
        assertThatThrownBy(() -> diary(HereOnly.class).build().connect())
                .isInstanceOf(StartFailedException.class)
                .hasMessageContaining("the codec " + HereOnly.class.getName()
                        + " for java.time.LocalDate cannot be made: java.lang.IllegalStateException: not here");
    }

    @Test
    void aCodecThatIsMissingInTheDaemonIsNamed() throws Exception {
        assertThatThrownBy(() -> Codecs.named(Map.of("java.time.LocalDate", "gone.Dates")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the codec gone.Dates for java.time.LocalDate cannot be loaded:"
                        + " java.lang.ClassNotFoundException: gone.Dates");
        assertThat(Files.exists(scratch.socket())).isFalse();
    }

    @Test
    void oneCodecForAType() {
        AutoDaemonBuilder<Diary> builder = diary(Dates.class);
        assertThatThrownBy(() -> builder.codec(LocalDate.class, Days.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("codec(java.time.LocalDate): java.time.LocalDate has " + Dates.class.getName()
                        + ", and a codec is for the subclasses of its type too");
        assertThatThrownBy(() -> builder.codec(java.time.chrono.ChronoLocalDate.class, Chronological.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("codec(java.time.chrono.ChronoLocalDate): java.time.LocalDate has " + Dates.class.getName()
                        + ", and a codec is for the subclasses of its type too");
        assertThatThrownBy(() -> builder.codec(CharSequence.class, Texts.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "codec(java.lang.CharSequence): java.lang.String is of this type, and is carried as it is; name"
                                + " another type");
        assertThatThrownBy(() -> builder.codec(long.class, Longs.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("codec(long): long is of this type, and is carried as it is; name another type");
    }

    /** Does nothing. */
    abstract static class Unused<T> implements Codec<T> {
        @Override
        public Object toPlain(T value) {
            return "";
        }

        @Override
        public T fromPlain(Object plain) {
            throw new UnsupportedOperationException();
        }
    }

    static final class Chronological extends Unused<java.time.chrono.ChronoLocalDate> {}

    static final class Texts extends Unused<CharSequence> {}

    static final class Longs extends Unused<Long> {}
}
