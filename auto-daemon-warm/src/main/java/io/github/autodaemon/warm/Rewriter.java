package io.github.autodaemon.warm;

import io.github.autodaemon.warm.agent.Hooks;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Puts a call of {@link Hooks} in front of methods of the JDK. The agent makes it, with a class loader of its own. */
public final class Rewriter implements ClassFileTransformer {
    private static final int ASM = Opcodes.ASM9;
    private static final String HOOKS = Type.getInternalName(Hooks.class);

    /** For the agent. */
    public Rewriter() {}

    @Override
    public byte @Nullable [] transform(
            @Nullable ClassLoader loader,
            String name,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] bytes) {
        if (redefined == null || loader != null) {
            return null;
        }
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
        reader.accept(new Methods(writer, name), 0);
        return writer.toByteArray();
    }

    private static final class Methods extends ClassVisitor {
        private final String owner;

        Methods(ClassWriter writer, String owner) {
            super(ASM, writer);
            this.owner = owner;
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            MethodVisitor method = super.visitMethod(access, name, descriptor, signature, exceptions);
            return switch (owner + "." + name + descriptor) {
                case "java/lang/Runtime.exit(I)V", "java/lang/Runtime.halt(I)V" ->
                    new Before(method, code -> {
                        code.visitVarInsn(Opcodes.ILOAD, 1);
                        call(code, name, "(I)V");
                    });
                case "java/lang/Runtime.addShutdownHook(Ljava/lang/Thread;)V" ->
                    new Before(method, code -> unless(code, "addHook", "(Ljava/lang/Thread;)Z", 1, Opcodes.RETURN));
                case "java/lang/Runtime.removeShutdownHook(Ljava/lang/Thread;)Z" ->
                    new Before(method, code -> unless(code, "removeHook", "(Ljava/lang/Thread;)Z", 1, Opcodes.IRETURN));
                case "java/io/DeleteOnExitHook.add(Ljava/lang/String;)V" ->
                    new Before(
                            method, code -> unless(code, "deleteOnExit", "(Ljava/lang/String;)Z", 0, Opcodes.RETURN));
                case "java/lang/System.console()Ljava/io/Console;" ->
                    new Before(method, code -> call(code, "console", "()V"));
                case "java/lang/ProcessBuilder.start([Ljava/lang/ProcessBuilder$Redirect;)Ljava/lang/Process;" ->
                    new Before(method, code -> {
                        code.visitVarInsn(Opcodes.ALOAD, 0);
                        call(code, "starting", "(Ljava/lang/ProcessBuilder;)V");
                    });
                case "java/io/FileInputStream.<init>(Ljava/io/FileDescriptor;)V",
                        "java/io/FileOutputStream.<init>(Ljava/io/FileDescriptor;)V" ->
                    new Before(method, code -> {
                        code.visitVarInsn(Opcodes.ALOAD, 1);
                        call(code, "stream", "(Ljava/io/FileDescriptor;)V");
                    });
                case "java/lang/ProcessEnvironment.getenv(Ljava/lang/String;)Ljava/lang/String;" ->
                    new Before(
                            method,
                            code -> ofCommand(code, () -> {
                                code.visitVarInsn(Opcodes.ALOAD, 0);
                                call(code, "variable", "(Ljava/lang/String;)Ljava/lang/String;");
                            }));
                case "java/lang/ProcessEnvironment.getenv()Ljava/util/Map;" ->
                    new Before(method, code -> ofCommand(code, () -> call(code, "variables", "()Ljava/util/Map;")));
                case "java/lang/ProcessEnvironment.environment()Ljava/util/Map;" ->
                    new Result(method, "forChild", "(Ljava/util/Map;)Ljava/util/Map;");
                case "java/lang/StackTraceElement.of(Ljava/lang/Throwable;I)[Ljava/lang/StackTraceElement;",
                        "java/lang/StackTraceElement.of(Ljava/lang/Object;I)[Ljava/lang/StackTraceElement;",
                        "java/lang/StackTraceElement.of([Ljava/lang/StackTraceElement;)[Ljava/lang/StackTraceElement;" ->
                    new Result(method, "stack", "([Ljava/lang/StackTraceElement;)[Ljava/lang/StackTraceElement;");
                default -> method;
            };
        }
    }

    private static void call(MethodVisitor code, String hook, String descriptor) {
        code.visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, hook, descriptor, false);
    }

    /** Calls the hook with an argument of the method; when that is true the method does nothing more, and returns that. */
    private static void unless(MethodVisitor code, String hook, String descriptor, int argument, int returning) {
        Label rest = new Label();
        code.visitVarInsn(Opcodes.ALOAD, argument);
        call(code, hook, descriptor);
        code.visitJumpInsn(Opcodes.IFEQ, rest);
        if (returning == Opcodes.IRETURN) {
            code.visitInsn(Opcodes.ICONST_1);
        }
        code.visitInsn(returning);
        code.visitLabel(rest);
        code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    }

    /** While a command has variables of its own, the method returns what {@code value} leaves. */
    private static void ofCommand(MethodVisitor code, Runnable value) {
        Label rest = new Label();
        call(code, "hasVariables", "()Z");
        code.visitJumpInsn(Opcodes.IFEQ, rest);
        value.run();
        code.visitInsn(Opcodes.ARETURN);
        code.visitLabel(rest);
        code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    }

    /** Writes code in front of the method's own. */
    private static final class Before extends MethodVisitor {
        private final Consumer<MethodVisitor> code;

        Before(MethodVisitor method, Consumer<MethodVisitor> code) {
            super(ASM, method);
            this.code = code;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            code.accept(this);
        }
    }

    /** Passes the result through the hook. */
    private static final class Result extends MethodVisitor {
        private final String hook;
        private final String descriptor;

        Result(MethodVisitor method, String hook, String descriptor) {
            super(ASM, method);
            this.hook = hook;
            this.descriptor = descriptor;
        }

        @Override
        public void visitInsn(int code) {
            if (code == Opcodes.ARETURN) {
                super.visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, hook, descriptor, false);
            }
            super.visitInsn(code);
        }
    }
}
