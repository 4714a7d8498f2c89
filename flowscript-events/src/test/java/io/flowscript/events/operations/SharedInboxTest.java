package io.flowscript.events.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flowscript.core.FlowScriptException;
import io.flowscript.core.testing.ManualExecutor;
import io.flowscript.engine.FlowScript;
import io.flowscript.events.inbox.Inbox;
import io.flowscript.events.inbox.InboxQuery;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SharedInboxTest {

    private final FlowScript flows = FlowScript.builder()
            .executor(new ManualExecutor())
            .engineExecutor(new ManualExecutor())
            .build();

    @AfterEach
    void close() {
        flows.close();
    }

    @Test
    @DisplayName("I8: an own inbox is opened once, ends with its owner, and is opened by nobody who comes late")
    void closesItsOwnInbox() {
        SharedInbox own = new SharedInbox(flows, null);
        Inbox inbox = own.get();
        assertThat(own.get()).isSameAs(inbox);
        own.close();
        for (ThrowingCallable late : List.<ThrowingCallable>of(own::get, () -> inbox.count(InboxQuery.OPEN))) {
            assertThatThrownBy(late)
                    .isInstanceOfSatisfying(
                            FlowScriptException.class,
                            closed -> assertThat(closed.code()).isEqualTo("inbox_closed"));
        }
    }

    @Test
    void leavesTheApplicationsInboxOpen() {
        try (Inbox given = Inbox.of(flows)) {
            SharedInbox shared = new SharedInbox(flows, given);
            assertThat(shared.get()).isSameAs(given);
            shared.close();
            assertThat(given.count(InboxQuery.OPEN).value()).isZero();
        }
    }
}
