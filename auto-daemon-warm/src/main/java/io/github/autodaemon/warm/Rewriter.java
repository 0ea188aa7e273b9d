package io.github.autodaemon.warm;

import io.github.autodaemon.warm.agent.Hooks;
import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
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
    private static final String MAP = "()Ljava/util/Map;";

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
                    new Call(method, name, Opcodes.ILOAD, 1, "(I)V");
                case "java/lang/Runtime.addShutdownHook(Ljava/lang/Thread;)V" ->
                    new InPlace(method, "addHook", 1, "(Ljava/lang/Thread;)Z");
                case "java/lang/Runtime.removeShutdownHook(Ljava/lang/Thread;)Z" ->
                    new InPlace(method, "removeHook", 1, "(Ljava/lang/Thread;)Z");
                case "java/io/DeleteOnExitHook.add(Ljava/lang/String;)V" ->
                    new InPlace(method, "deleteOnExit", 0, "(Ljava/lang/String;)Z");
                case "java/lang/System.console()Ljava/io/Console;" ->
                    new Call(method, "console", Opcodes.NOP, 0, "()V");
                case "java/lang/ProcessBuilder.start([Ljava/lang/ProcessBuilder$Redirect;)Ljava/lang/Process;" ->
                    new Call(method, "starting", Opcodes.ALOAD, 0, "(Ljava/lang/ProcessBuilder;)V");
                case "java/io/FileInputStream.<init>(Ljava/io/FileDescriptor;)V",
                        "java/io/FileOutputStream.<init>(Ljava/io/FileDescriptor;)V" ->
                    new Call(method, "stream", Opcodes.ALOAD, 1, "(Ljava/io/FileDescriptor;)V");
                case "java/lang/ProcessEnvironment.getenv(Ljava/lang/String;)Ljava/lang/String;" ->
                    new Variables(method, "variable", true, "(Ljava/lang/String;)Ljava/lang/String;");
                case "java/lang/ProcessEnvironment.getenv()Ljava/util/Map;" ->
                    new Variables(method, "variables", false, MAP);
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

    /** Calls the hook first, with one argument of the method, or with none (NOP). */
    private static final class Call extends MethodVisitor {
        private final String hook;
        private final int load;
        private final int argument;
        private final String descriptor;

        Call(MethodVisitor method, String hook, int load, int argument, String descriptor) {
            super(ASM, method);
            this.hook = hook;
            this.load = load;
            this.argument = argument;
            this.descriptor = descriptor;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            if (load != Opcodes.NOP) {
                visitVarInsn(load, argument);
            }
            visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, hook, descriptor, false);
        }
    }

    /** Calls the hook first, and nothing else when that returns true: the method then returns, with true if it returns something. */
    private static final class InPlace extends MethodVisitor {
        private final String hook;
        private final int argument;
        private final String descriptor;

        InPlace(MethodVisitor method, String hook, int argument, String descriptor) {
            super(ASM, method);
            this.hook = hook;
            this.argument = argument;
            this.descriptor = descriptor;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            Label rest = new Label();
            visitVarInsn(Opcodes.ALOAD, argument);
            visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, hook, descriptor, false);
            visitJumpInsn(Opcodes.IFEQ, rest);
            if (hook.equals("removeHook")) {
                visitInsn(Opcodes.ICONST_1);
                visitInsn(Opcodes.IRETURN);
            } else {
                visitInsn(Opcodes.RETURN);
            }
            visitLabel(rest);
            visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        }
    }

    /** Returns what the hook returns, while a command has variables of its own. */
    private static final class Variables extends MethodVisitor {
        private final String hook;
        private final boolean named;
        private final String descriptor;

        Variables(MethodVisitor method, String hook, boolean named, String descriptor) {
            super(ASM, method);
            this.hook = hook;
            this.named = named;
            this.descriptor = descriptor;
        }

        @Override
        public void visitCode() {
            super.visitCode();
            Label rest = new Label();
            visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, "hasVariables", "()Z", false);
            visitJumpInsn(Opcodes.IFEQ, rest);
            if (named) {
                visitVarInsn(Opcodes.ALOAD, 0);
            }
            visitMethodInsn(Opcodes.INVOKESTATIC, HOOKS, hook, descriptor, false);
            visitInsn(Opcodes.ARETURN);
            visitLabel(rest);
            visitFrame(Opcodes.F_SAME, 0, null, 0, null);
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
