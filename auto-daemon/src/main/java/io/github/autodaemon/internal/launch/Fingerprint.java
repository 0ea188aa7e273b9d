package io.github.autodaemon.internal.launch;

import io.github.autodaemon.internal.client.ClientSession;
import io.github.autodaemon.internal.rpc.Hello;
import io.github.autodaemon.internal.rpc.Response;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The properties that must be equal for a client to accept a running daemon. The daemon has its fingerprint from its
 * starter. A client compares the service, the arguments and a digest of the rest, and asks for the details only when
 * these differ.
 */
public final class Fingerprint {
    private static final int SHOWN = 3;

    private final String service;
    private final List<String> args;
    private final ClassFiles classPath;
    private final ClassFiles jvm;
    private final List<String> jvmOptions;
    private final @Nullable Map<String, String> environment;
    private final List<String> options;
    private final String version;

    /**
     * Takes the fingerprint now, which reads the attributes of each file of the class path.
     *
     * @param javaHome of the JVM that runs the daemon
     * @param environment the declared environment; null when none is declared, and the daemon has its starter's
     * @param options the options of the daemon's behaviour, a text for each
     * @param version of this library
     */
    public Fingerprint(
            String service,
            List<String> args,
            String classPath,
            Path javaHome,
            List<String> jvmOptions,
            @Nullable Map<String, String> environment,
            List<String> options,
            String version)
            throws IOException {
        this.service = service;
        this.args = args;
        this.classPath = ClassFiles.of(meant(classPath, service));
        Path release = javaHome.resolve("release");
        this.jvm = ClassFiles.of(Files.exists(release) ? release : javaHome.resolve("lib/modules"));
        this.jvmOptions = jvmOptions;
        this.environment = environment == null ? null : new TreeMap<>(environment);
        this.options = options;
        this.version = version;
    }

    /**
     * A class path without the empty elements that {@code "$CLASSPATH:a.jar"} leaves where nothing was set: they mean
     * the working directory, which differs from call to call. If the service's class is there, they are intended, and
     * spelled out.
     */
    public static String meant(String classPath, String service) {
        boolean accidental = classPath.isEmpty()
                || classPath.charAt(0) == File.pathSeparatorChar
                || classPath.charAt(classPath.length() - 1) == File.pathSeparatorChar
                || classPath.contains(File.pathSeparator + File.pathSeparator);
        if (!accidental) {
            return classPath;
        }
        boolean there = new File(service.replace('.', '/') + ".class").exists();
        StringBuilder meant = new StringBuilder();
        for (String element : classPath.split(File.pathSeparator, -1)) {
            if (!element.isEmpty() || there) {
                meant.append(meant.length() == 0 ? "" : File.pathSeparator).append(element.isEmpty() ? "." : element);
            }
        }
        return meant.toString();
    }

    /** A digest over everything. */
    public String digest() {
        Digest digest = new Digest();
        digest.add(service);
        digest.add(args.size());
        // No lambdas: each command comes through here, and the first one costs milliseconds.
        for (String arg : args) {
            digest.add(arg);
        }
        classPath.addTo(digest);
        jvm.addTo(digest);
        digest.add(jvmOptions.size());
        for (String option : jvmOptions) {
            digest.add(option);
        }
        for (String option : options) {
            digest.add(option);
        }
        Map<String, String> declared = environment;
        if (declared != null) {
            digest.add(declared.size());
            for (Map.Entry<String, String> variable : declared.entrySet()) {
                digest.add(variable.getKey());
                digest.add(variable.getValue());
            }
        }
        digest.add(version);
        return Long.toHexString(digest.value());
    }

    /** All files that the digest depends on; null when it depends on more than the size and time of files. */
    @Nullable
    List<Path> files() {
        List<Path> classes = classPath.files();
        List<Path> runtime = jvm.files();
        if (classes == null || runtime == null) {
            return null;
        }
        List<Path> all = new ArrayList<>(classes);
        all.addAll(runtime);
        return all;
    }

    /** A digest over the class path and the JVM alone. */
    public String classesDigest() {
        Digest digest = new Digest();
        classPath.addTo(digest);
        jvm.addTo(digest);
        return Long.toHexString(digest.value());
    }

    /** All fields in words. A value in the environment, which may be secret, is shown as a digest. */
    public Map<String, @Nullable Object> details() {
        Map<String, @Nullable Object> details = new LinkedHashMap<>();
        details.put("service", List.of(service));
        details.put("args", args);
        details.put("classPath", classPath.texts());
        details.put("jvm", jvm.texts());
        details.put("jvmOptions", jvmOptions);
        List<String> declared = new ArrayList<>();
        Map<String, String> variables = environment;
        if (variables != null) {
            variables.forEach((name, value) -> {
                Digest digest = new Digest();
                digest.add(value);
                declared.add(name + " (sum " + Long.toHexString(digest.value()) + ")");
            });
        } else {
            declared.add("the starter's");
        }
        details.put("environment", declared);
        details.put("options", options);
        details.put("version", List.of(version));
        return details;
    }

    /**
     * A file that this program needs to start its daemon, and that was deleted while the program ran; null when there
     * is none.
     */
    @Nullable
    String deleted() {
        String jar = classPath.deleted();
        return jar != null ? jar : jvm.deleted();
    }

    /**
     * True if the daemon with this hello fits. For a service in the foreground, or for npm's clients, the user has
     * chosen its classes and its JVM.
     */
    boolean fits(Hello hello) {
        String digest = hello.text("fingerprint");
        return digest != null
                ? digest.equals(digest())
                : service.equals(hello.text("service")) && args.equals(args(hello));
    }

    private static List<?> args(Hello hello) {
        return hello.fields().get("args") instanceof List<?> list ? list : List.of();
    }

    /** Why the daemon does not fit, as {@code field: running -> wanted}; asks the daemon for the details. */
    String difference(Hello hello, ClientSession session, long deadline) throws InterruptedException {
        String running = hello.text("service");
        if (!service.equals(running)) {
            return "service: " + running + " -> " + service;
        }
        if (!args.equals(args(hello))) {
            return "args: " + args(hello) + " -> " + args;
        }
        Response details = session.ask("fingerprint", List.of(), deadline);
        return details != null && details.value() instanceof Map<?, ?> map
                ? difference(map)
                : "fingerprint: it did not say more";
    }

    /** The first field that differs. */
    String difference(Map<?, ?> running) {
        for (Map.Entry<String, @Nullable Object> field : details().entrySet()) {
            List<?> wanted = field.getValue() instanceof List<?> list ? list : List.of();
            List<?> found = running.get(field.getKey()) instanceof List<?> list ? list : List.of();
            if (!wanted.equals(found)) {
                boolean whole = field.getKey().equals("args") || field.getKey().equals("jvmOptions");
                return field.getKey() + ": " + (whole ? found : shown(found, wanted)) + " -> "
                        + (whole ? wanted : shown(wanted, found));
            }
        }
        return "fingerprint: something that this version of the library does not know";
    }

    /** The elements of one list that are not in the other; all elements when only the order differs. */
    private static String shown(List<?> one, List<?> other) {
        List<Object> only = new ArrayList<>(one);
        only.removeAll(other);
        if (only.isEmpty() && one.size() == other.size()) {
            only.addAll(one);
        }
        if (only.isEmpty()) {
            return "nothing";
        }
        List<Object> first = only.subList(0, Math.min(SHOWN, only.size()));
        String text = first.toString();
        text = text.substring(1, text.length() - 1);
        return only.size() > SHOWN ? text + " and " + (only.size() - SHOWN) + " more" : text;
    }
}
