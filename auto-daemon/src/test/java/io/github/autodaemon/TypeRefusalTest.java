package io.github.autodaemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.internal.call.InterfacePlan;
import java.io.File;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Date;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What cannot be carried is refused when the daemon is described, wherever it is in what a method takes or returns. */
class TypeRefusalTest {
    private static final String OTHER = ", which cannot go to another process; ";
    private static final String A_SEQUENCE =
            "let the method return or take a Sequence of the values, and nothing around it";
    private static final String NAME_A_CODEC = OTHER + "pass text or a number, or name a codec for it";
    private static final String PASS_DATA =
            OTHER + "pass data: a record, a list, a map, text or a number, or name a codec for it";

    private static void refused(Class<?> type, String message) {
        InterfacePlan plan = InterfacePlan.of(type);
        assertThatThrownBy(() -> plan.with(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    record Invoice(String number, LocalDate date) {}

    record Page<T>(List<T> items, Optional<Page<T>> next) {}

    record Range<T extends Comparable<T>>(T low, T high) {}

    record Grow<T>(T value, List<Grow<List<T>>> one, Set<Grow<Set<T>>> other) {}

    static class Customer {
        String name = "";
        transient Thread worker = new Thread();
        static final Locale HOME = Locale.ROOT;
        List<File> files = List.of();
    }

    static class Birthday extends Date {
        private static final long serialVersionUID = 1;
        String whose = "";
    }

    abstract static class Shape {}

    sealed interface Figure permits Circle {}

    record Circle(double radius) implements Figure {}

    interface InARecord {
        void send(Invoice invoice);
    }

    interface InAResult {
        Map<String, List<Page<Optional<Invoice[]>>>> all();
    }

    interface Arrays {
        void dates(Locale[]... given);
    }

    interface Generics {
        Page<AtomicInteger> counters();
    }

    interface Fields {
        Customer customer();
    }

    interface Superclass {
        Birthday next();
    }

    interface AbstractClass {
        void draw(Shape shape);
    }

    interface Sealed {
        Figure figure();
    }

    interface RecordKeys {
        Map<Circle, String> names();
    }

    interface AnyKeys {
        Map<Object, String> names();
    }

    interface Twice {
        Optional<Optional<String>> perhaps();
    }

    interface TwiceInARecord {
        Page<Optional<OptionalInt>> perhaps();
    }

    interface Streams {
        void read(Page<InputStream> pages);
    }

    interface Builders {
        void append(StringBuilder text);
    }

    interface Iterators {
        java.util.Iterator<String> all();
    }

    interface Values {
        java.util.stream.Stream<String> all();
    }

    interface Published {
        void add(java.util.concurrent.Flow.Publisher<String> some);
    }

    interface Later {
        java.util.concurrent.CompletableFuture<Sequence<String>> all();
    }

    @Test
    void theMethodAndTheTypeAreNamed() {
        refused(InARecord.class, "InARecord.send: it takes java.time.LocalDate (in Invoice.date)" + NAME_A_CODEC);
        refused(InAResult.class, "InAResult.all: it returns java.time.LocalDate (in Invoice.date)" + NAME_A_CODEC);
        refused(Arrays.class, "Arrays.dates: it takes java.util.Locale" + NAME_A_CODEC);
        refused(
                Generics.class,
                "Generics.counters: it returns java.util.concurrent.atomic.AtomicInteger (in Page.items)"
                        + NAME_A_CODEC);
        refused(Fields.class, "Fields.customer: it returns java.io.File (in Customer.files)" + NAME_A_CODEC);
        refused(
                Superclass.class,
                "Superclass.next: it returns " + Birthday.class.getName() + ", a java.util.Date" + NAME_A_CODEC);
        refused(AbstractClass.class, "AbstractClass.draw: it takes " + Shape.class.getName() + PASS_DATA);
        refused(Sealed.class, "Sealed.figure: it returns " + Figure.class.getName() + PASS_DATA);
        refused(Builders.class, "Builders.append: it takes java.lang.StringBuilder" + NAME_A_CODEC);
        refused(Iterators.class, "Iterators.all: it returns java.util.Iterator" + OTHER + A_SEQUENCE);
        refused(Values.class, "Values.all: it returns java.util.stream.Stream" + OTHER + A_SEQUENCE);
        refused(Published.class, "Published.add: it takes java.util.concurrent.Flow$Publisher" + OTHER + A_SEQUENCE);
        refused(Later.class, "Later.all: it returns io.github.autodaemon.Sequence" + OTHER + A_SEQUENCE);
        refused(
                Streams.class,
                "Streams.read: it takes java.io.InputStream (in Page.items)" + OTHER
                        + "let the method return a Duplex, and nothing around it");
    }

    @Test
    void whatWouldBeAmbiguousIsRefused() {
        String circle = Circle.class.getName();
        refused(
                RecordKeys.class,
                "RecordKeys.names: it returns java.util.Map<" + circle
                        + ", java.lang.String>, whose keys are no names of"
                        + " members of a JSON object; use a list of records, or name a codec for " + circle);
        refused(
                AnyKeys.class,
                "AnyKeys.names: it returns java.util.Map<java.lang.Object, java.lang.String>, whose keys are no names"
                        + " of members of a JSON object; use a list of records, or name a codec for java.lang.Object");
        refused(
                Twice.class,
                "Twice.perhaps: it returns java.util.Optional<java.util.Optional<java.lang.String>>, of which null"
                        + " could be either; use one Optional");
        refused(
                TwiceInARecord.class,
                "TwiceInARecord.perhaps: it returns java.util.Optional<java.util.OptionalInt> (in Page.items), of which"
                        + " null could be either; use one Optional");
    }

    @SuppressWarnings("ArrayRecordComponent") // To be carried, not compared.
    record Everything(
            int a,
            Long b,
            Path c,
            Duration d,
            Instant e,
            UUID f,
            byte[] g,
            Object h,
            List<?> i,
            Map<?, ?> j,
            Optional<DayOfWeek> k,
            Everything[] l,
            OptionalInt m) {}

    interface Fine {
        Everything everything(Everything given);

        Page<Page<Map<Path, Set<Invoice2>>>> pages(Grow<Integer> grow);

        Range<Integer> range(Range<?> any);

        @SuppressWarnings("NonApiType") // What somebody may write.
        TreeSet<String> sorted(
                SortedMap<Integer, Deque<Long>> map, EnumSet<DayOfWeek> days, EnumMap<DayOfWeek, Path> m);

        ConcurrentMap<UUID, Collection<? extends Number>> numbers(Iterable<String> texts, List<Object>[] array);

        Void nothing(@SuppressWarnings("rawtypes") Map raw);
    }

    record Invoice2(Optional<Customer2> customer, Map<DayOfWeek, List<Invoice2>> more) {}

    static class Customer2 {
        String name = "";
        Customer2[] friends = {};
        Map<Long, Optional<Invoice2>> invoices = Map.of();
    }

    @Test
    void whatIsCarriedIsNotRefused() {
        InterfacePlan plan = InterfacePlan.of(Fine.class);
        assertThat(plan.with(null)).isSameAs(plan);
    }

    interface Calendar {
        LocalDate next(Map<LocalDate, List<Page<LocalDate>>> given);
    }

    static final class CalendarService implements Service<Calendar> {
        @Override
        public Calendar connected(Client client) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void buildRefuses() {
        AutoDaemonBuilder<Calendar> builder =
                AutoDaemon.of(Calendar.class, CalendarService.class).name("calendar");
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Calendar.next: it takes java.util.Map<java.time.LocalDate, java.util.List<"
                        + Page.class.getName() + "<java.time.LocalDate>>>, whose keys are no names of members of a JSON"
                        + " object; use a list of records, or name a codec for java.time.LocalDate");
        assertThat(builder.codec(LocalDate.class, Diaries.Dates.class).build()).isNotNull();
    }
}
