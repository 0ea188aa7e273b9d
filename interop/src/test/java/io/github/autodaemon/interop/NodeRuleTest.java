package io.github.autodaemon.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.RegisterExtension;

class NodeRuleTest {
    @RegisterExtension
    final Workplace workplace = new Workplace();

    private Path program(String name) {
        return workplace.executable(name, "#!/bin/sh\n");
    }

    @Test
    void testsRunWhereBothProgramsAreInstalled() {
        program("node");
        program("npm");
        ConditionEvaluationResult result = new NodeRule("/nowhere:" + workplace.directory(), "true").evaluate();
        assertThat(result.isDisabled()).isFalse();
    }

    @Test
    void testsAreReportedAsNotRunWhereNodeIsMissing() {
        program("npm");
        ConditionEvaluationResult result = new NodeRule(workplace.directory().toString(), "").evaluate();
        assertThat(result.isDisabled()).isTrue();
        assertThat(result.getReason()).contains("node is not installed");
    }

    @Test
    void aFileThatIsNotExecutableIsNoProgram() {
        workplace.file("node", "");
        ConditionEvaluationResult result = new NodeRule(workplace.directory().toString(), "false").evaluate();
        assertThat(result.getReason()).contains("node and npm are not installed");
    }

    @Test
    void testsFailOnABuildServerWhereNpmIsMissing() {
        program("node");
        NodeRule rule = new NodeRule(workplace.directory().toString(), "true");
        assertThatThrownBy(rule::evaluate)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("npm is not installed, and CI is true: these tests must run here");
    }
}
