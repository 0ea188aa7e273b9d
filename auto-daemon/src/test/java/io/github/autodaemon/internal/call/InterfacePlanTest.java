package io.github.autodaemon.internal.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.autodaemon.AutoDaemon;
import io.github.autodaemon.Duplex;
import io.github.autodaemon.OneWay;
import io.github.autodaemon.testing.Lab;
import io.github.autodaemon.testing.LabService;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InterfacePlanTest {
    private static void refused(Class<?> type, String message) {
        assertThatThrownBy(() -> InterfacePlan.of(type).with(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    interface Overloaded {
        int add(int n);

        int add(int n, int m);
    }

    interface Generic {
        <E> E first(List<E> list);
    }

    interface Variable<E> {
        E get();
    }

    interface Callback {
        void listen(Runnable callback);
    }

    interface Stream {
        InputStream open();
    }

    interface Nested {
        List<CompletableFuture<String>> all();
    }

    interface StreamArgument {
        void copy(Duplex from);
    }

    interface NeedsResult {
        @OneWay
        int send();
    }

    interface Empty {}

    interface Typed {
        Class<?> type();
    }

    @Test
    void mistakesAreNamed() {
        refused(Overloaded.class, "Overloaded.add: there are two methods of this name; give each its own name");
        refused(Generic.class, "Generic.first: a generic method does not say which type it takes; use a plain type");
        refused(Variable.class, "Variable.get: it returns E, which could be any type; use a plain type");
        refused(
                Callback.class,
                "Callback.listen: it takes java.lang.Runnable, which cannot go to another process; pass data: a record, a"
                        + " list, a map, text or a number, or name a codec for it");
        refused(
                Stream.class,
                "Stream.open: it returns java.io.InputStream, which cannot go to another process; let the method return a"
                        + " Duplex, and nothing around it");
        refused(
                Nested.class,
                "Nested.all: it returns java.util.concurrent.CompletableFuture, which cannot go to another process; let"
                        + " the method return a CompletableFuture, and nothing around it");
        refused(
                StreamArgument.class,
                "StreamArgument.copy: it takes io.github.autodaemon.Duplex, which cannot go to another process; let the"
                        + " method return a Duplex, and nothing around it");
        refused(NeedsResult.class, "NeedsResult.send: a @OneWay method has no result; let it return void");
        refused(
                Typed.class,
                "Typed.type: it returns java.lang.Class, which cannot go to another process; pass its name or its"
                        + " message");
        refused(
                Empty.class,
                "io.github.autodaemon.internal.call.InterfacePlanTest$Empty has no abstract methods; there is nothing to call");
        refused(String.class, "java.lang.String is not an interface; clients call a service through an interface");
    }

    @Test
    void theReturnTypeSaysTheKind() {
        InterfacePlan plan = InterfacePlan.of(Lab.class);
        assertThat(plan.method("add")).extracting(MethodPlan::kind).isEqualTo(MethodPlan.Kind.BLOCKING);
        assertThat(plan.method("close")).extracting(MethodPlan::kind).isEqualTo(MethodPlan.Kind.BLOCKING);
        assertThat(plan.method("later")).extracting(MethodPlan::kind).isEqualTo(MethodPlan.Kind.FUTURE);
        assertThat(plan.method("note")).extracting(MethodPlan::kind).isEqualTo(MethodPlan.Kind.ONE_WAY);
        assertThat(plan.method("echo")).extracting(MethodPlan::kind).isEqualTo(MethodPlan.Kind.STREAM);
        // A default method runs where it is called.
        assertThat(plan.method("addTwice")).isNull();
    }

    @Test
    void onlyTheMethodsOfTheInterfaceCanBeCalled() {
        InterfacePlan plan = InterfacePlan.of(Lab.class);
        for (String inherited : List.of("toString", "hashCode", "equals", "getClass", "constructor", "__proto__")) {
            assertThat(plan.method(inherited)).isNull();
        }
    }

    @Test
    void theServiceClassSaysItsInterface() {
        assertThat(InterfacePlan.declaredBy(LabService.class)).isEqualTo(Lab.class);
        assertThat(InterfacePlan.declaredBy(String.class)).isNull();
    }

    @Test
    void namesOfADynamicDescription() {
        assertThatThrownBy(() -> AutoDaemon.dynamic("add", "add:s")).hasMessageContaining("is empty or comes twice");
        assertThatThrownBy(() -> AutoDaemon.dynamic("")).hasMessageContaining("is empty or comes twice");
    }
}
