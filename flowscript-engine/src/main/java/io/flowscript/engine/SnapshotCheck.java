package io.flowscript.engine;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.snapshot.ExecutionSnapshot;
import io.flowscript.core.snapshot.ExecutionSnapshot.LoopFrame;
import io.flowscript.core.snapshot.ExecutionSnapshot.Visit;
import io.flowscript.core.snapshot.ExecutionStatus;
import io.flowscript.engine.program.Instruction;
import io.flowscript.engine.program.Program;

/** Checks whether an execution can continue from a snapshot with a program. Stateless. */
final class SnapshotCheck {

    private SnapshotCheck() {}

    static void check(ExecutionSnapshot snapshot, Program program) {
        if (!snapshot.definitionHash().equals(program.definition().hash())) {
            throw new FlowScriptException(
                    "definition_changed",
                    "The workflow \"" + snapshot.workflowId() + "\" is not the one that execution \""
                            + snapshot.executionId() + "\" was begun with; register that one to go on");
        }
        if (!fits(snapshot, program)) {
            throw new FlowScriptException(
                    "invalid_snapshot",
                    "The snapshot of execution \"" + snapshot.executionId()
                            + "\" does not hold together: its position, its loops, its status and its secret paths do not fit each other");
        }
    }

    private static boolean fits(ExecutionSnapshot snapshot, Program program) {
        if (!snapshot.secrets().equals(program.definition().secrets())) {
            return false;
        }
        ExecutionStatus status = snapshot.status();
        if (status.isEnded() || status == ExecutionStatus.PENDING) {
            return snapshot.visit() == null
                    && snapshot.open().isEmpty()
                    && status.isEnded() == (snapshot.result() != null);
        }
        int position = snapshot.position();
        if (snapshot.visit() == null || position < 0 || position >= program.size()) {
            return false;
        }
        Instruction at = program.at(position);
        boolean isLoop = at instanceof Instruction.Loop;
        return (isLoop || at instanceof Instruction.Run)
                && snapshot.frames().size() == program.loopDepth(position) + (isLoop ? 1 : 0)
                && snapshot.frames().stream().map(LoopFrame::loop).allMatch(loop -> isLoop(program, loop))
                && canBeWritten(snapshot, snapshot.visit());
    }

    private static boolean isLoop(Program program, int index) {
        return index >= 0 && index < program.size() && program.at(index) instanceof Instruction.Loop;
    }

    private static boolean canBeWritten(ExecutionSnapshot snapshot, Visit visit) {
        try {
            BufferedState.replay(snapshot.state(), visit.writes());
            return true;
        } catch (FlowScriptException e) {
            return false;
        }
    }
}
