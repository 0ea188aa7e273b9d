package io.github.autodaemon.interop;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tests are reported as not run where node or npm is not installed. On a build server, where the environment variable
 * {@code CI} is {@code true}, they fail: there nobody would notice that they have not run.
 */
final class NodeRule implements ExecutionCondition {
    private final String path;
    private final String ci;

    NodeRule() {
        this(System.getenv().getOrDefault("PATH", ""), System.getenv().getOrDefault("CI", ""));
    }

    NodeRule(String path, String ci) {
        this.path = path;
        this.ci = ci;
    }

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return evaluate();
    }

    ConditionEvaluationResult evaluate() {
        List<String> missing = new ArrayList<>();
        for (String program : List.of("node", "npm")) {
            if (!isInstalled(program)) {
                missing.add(program);
            }
        }
        if (missing.isEmpty()) {
            return ConditionEvaluationResult.enabled("node and npm are installed");
        }
        String reason = String.join(" and ", missing) + (missing.size() == 1 ? " is" : " are") + " not installed";
        if (ci.equals("true")) {
            throw new IllegalStateException(reason + ", and CI is true: these tests must run here");
        }
        return ConditionEvaluationResult.disabled(reason);
    }

    private boolean isInstalled(String program) {
        for (String directory : path.split(File.pathSeparator, -1)) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }
}
